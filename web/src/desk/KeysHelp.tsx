import { Fragment } from 'react'
import { Dialog } from '../ui/Dialog'
import { useWords, type Key } from './words'

const KEYS: [string, Key][] = [
  ['j / k', 'key_move'],
  ['Enter', 'key_open'],
  ['u', 'key_back'],
  ['/', 'key_filter'],
  ['s', 'key_search'],
  ['r', 'key_reply'],
  ['f', 'key_forward'],
  ['n', 'key_note'],
  ['e', 'key_close'],
  ['m', 'key_merge'],
  ['[ / ]', 'key_neighbours'],
  ['c', 'key_new'],
  ['Ctrl + Enter', 'key_send'],
  ['Alt + F10', 'key_tools'],
  ['?', 'key_help'],
]

export function KeysHelp({ opened, close }: { opened: boolean; close: () => void }) {
  const { t } = useWords()
  return (
    <Dialog open={opened} close={close} title={t('keys')} closeLabel={t('close_dialog')}>
      <dl className="keys">
        {KEYS.map(([keys, means]) => (
          <Fragment key={keys}>
            <dt>
              <kbd>{keys}</kbd>
            </dt>
            <dd>{t(means)}</dd>
          </Fragment>
        ))}
      </dl>
    </Dialog>
  )
}
