import { lazy, Suspense, useCallback, useMemo, useState } from 'react'
import { attachmentUrl, rawUrl } from '../../api/desk'
import type { Article } from '../../api/types'
import { folded as hidden } from '../../mail/folded'
import { Linked } from '../../ui/Linked'
import { useWords, type Key } from '../words'
import css from './ticket.module.css'

const MailFrame = lazy(() => import('../../mail/MailFrame'))

/** The text with its quote folded away; HTML mail in a page of its own, without remote images until they are asked for. */
export function ArticleBody({ ticket, article }: { ticket: string; article: Article }) {
  const { t } = useWords()
  const [folded, setFolded] = useState(true)
  const [plain, setPlain] = useState(!article.html)
  const visible = article.fold !== null && article.fold < article.text.length ? article.text.slice(0, article.fold).trimEnd() : null
  const folds = visible !== null
  return (
    <>
      <Protection of={article.protection} />
      {article.incomplete && <p className={`notice warn ${css.blocked}`} role="note">{t('incomplete')}</p>}
      {article.html && !plain ? (
        <Html ticket={ticket} article={article} visible={visible} folded={folds && folded} />
      ) : (
        <>
          {!article.html && <LeftOut count={article.blocked} />}
          <Text text={folded ? (visible ?? article.text) : article.text} />
        </>
      )}
      {(folds || article.html) && (
        <p className={css.under}>
          {folds && (
            <button className="btn tiny plain" aria-expanded={!folded} onClick={() => setFolded(!folded)}>
              {t(`${folded ? 'show' : 'hide'}_${hidden(article)}`)}
            </button>
          )}
          {article.html && (
            <button className="btn tiny plain" onClick={() => setPlain(!plain)}>
              {t(plain ? 'as_html' : 'as_text')}
            </button>
          )}
        </p>
      )}
    </>
  )
}

function Html({ ticket, article, visible, folded }: { ticket: string; article: Article; visible: string | null; folded: boolean }) {
  const { t } = useWords()
  const [images, setImages] = useState(false)
  const [found, setFound] = useState(0)
  const inline = useMemo(() => inlineFiles(ticket, article), [ticket, article])
  const onBlocked = useCallback((count: number) => setFound(count), [])
  const blocked = images ? 0 : Math.max(found, article.blocked ?? 0)
  return (
    <>
      {blocked > 0 && (
        <p className={`notice warn ${css.blocked}`} role="note">
          <span>{t('images_blocked', { count: blocked })}</span>
          {found > 0 && <button className="btn tiny" onClick={() => setImages(true)}>{t('show_images')}</button>}
          {found === 0 && article.raw && <a className="btn tiny" href={rawUrl(ticket, article.id)}>{t('raw_mail')}</a>}
        </p>
      )}
      <div className={css.paper}>
        <Suspense fallback={<Text text={article.text} />}>
          <MailFrame html={article.html!} title={t('mail_content')} images={images} visible={visible} rest={visible === null ? '' : article.text.slice(article.fold!)} folded={folded} inline={inline} onBlocked={onBlocked} />
        </Suspense>
      </div>
    </>
  )
}

const PROTECTIONS: Record<NonNullable<Article['protection']>, Key> = {
  'pgp-encrypted': 'protected_pgp_encrypted',
  'pgp-signed': 'protected_pgp_signed',
  'smime-encrypted': 'protected_smime_encrypted',
  'smime-signed': 'protected_smime_signed',
}

/** What the letter was protected with; the desk neither decrypts nor verifies it, and says so. */
function Protection({ of }: { of: Article['protection'] }) {
  const { t } = useWords()
  return of && <p className={`notice ${css.blocked}`} role="note">{t(PROTECTIONS[of])}</p>
}

/** The designed version was refused as a whole; the text is what is left of it. */
function LeftOut({ count }: { count: number }) {
  const { t } = useWords()
  return count > 0 && <p className={`notice warn ${css.blocked}`} role="note">{t('blocked_parts', { count })}</p>
}

function inlineFiles(ticket: string, article: Article): Record<string, string> {
  const files = article.attachments.filter((file) => file.content_id)
  return Object.fromEntries(files.map((file) => [file.content_id!, attachmentUrl(ticket, article.id, file.n)]))
}

function Text({ text }: { text: string }) {
  const { t } = useWords()
  if (!text.trim()) return <p className={`muted ${css.text}`}>{t('no_text')}</p>
  return (
    <div className={css.text}>
      <Linked text={text} />
    </div>
  )
}
