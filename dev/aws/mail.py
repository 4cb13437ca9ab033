"""SES: does the world believe us, and does mail come in? What has to stand in the DNS, and the one active rule set."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from dev.aws.account import Account, progress, tell
from dev.aws.stack import Stack

NEARLY = 0.8  # of a day's mails
LOOK = 15.0  # seconds between two looks at the DNS as SES sees it


@dataclass(frozen=True)
class Record:
    """One line for the zone of the domain: `kind` CNAME, MX or TXT; `why` in words for whoever sets it."""

    kind: str
    name: str
    value: str
    why: str


def records(account: Account, domain: str, identity: dict[str, Any]) -> list[Record]:
    """All that the DNS of `domain` needs for mail, in the order of their weight."""
    tokens = identity.get("DkimAttributes", {}).get("Tokens", ())
    bounce = identity.get("MailFromAttributes", {}).get("MailFromDomain") or f"bounce.{domain}"
    return [
        *(Record("CNAME", f"{each}._domainkey.{domain}", f"{each}.dkim.amazonses.com", "our signature") for each in tokens),
        Record("MX", domain, f"10 inbound-smtp.{account.region}.amazonaws.com", "mail comes to the desk"),
        Record("MX", bounce, f"10 feedback-smtp.{account.region}.amazonses.com", "bounces come back"),
        Record("TXT", bounce, '"v=spf1 include:amazonses.com ~all"', "SES may send for us"),
        Record("TXT", f"_dmarc.{domain}", '"v=DMARC1; p=quarantine"', "forged mail in our name is not believed"),
    ]  # fmt: skip


def identity(account: Account, domain: str) -> dict[str, Any]:
    found: dict[str, Any] = account.client("sesv2").get_email_identity(EmailIdentity=domain)
    return found


def missing(found: dict[str, Any]) -> list[str]:
    """What SES does not see yet, in words."""
    dkim = found.get("DkimAttributes", {}).get("Status")
    bounce = found.get("MailFromAttributes", {}).get("MailFromDomainStatus")
    told = (
        []
        if found.get("VerifiedForSendingStatus") and dkim == "SUCCESS"
        else ["the three CNAME records of our signature"]
    )
    return told + ([] if bounce == "SUCCESS" else ["MX and TXT of the bounce domain"])


def wait_for_dns(account: Account, domain: str, minutes: float) -> list[str]:
    """What is still missing after so many minutes; shows the records where anything is."""
    found = identity(account, domain)
    lacking = missing(found)
    if not lacking:
        return []
    tell(f"\nThese records belong into the DNS of {domain}:\n")
    for each in records(account, domain, found):
        tell(f"  {each.kind:<6}{each.name:<64}{each.value}   ({each.why})")
    tell()
    progress("Waiting until SES sees them ")
    for _ in range(int(minutes * 60 / LOOK)):
        account.sleep(LOOK)
        progress(".")
        lacking = missing(identity(account, domain))
        if not lacking:
            progress(" there they are.\n")
            return []
    progress(" not yet.\n")
    return lacking


def standing(account: Account) -> Iterator[str]:
    """What SES allows the account, where that is less than a desk needs."""
    told = account.client("sesv2").get_account()
    if not told.get("ProductionAccessEnabled"):
        yield ("SES is still in its sandbox: mail leaves only to verified addresses. Ask for production access in the SES console "
               "(“Account dashboard”); it takes about a day.")  # fmt: skip
    if not told.get("SendingEnabled", True):
        yield "SES has paused sending for this account; its console says why."
    quota = told.get("SendQuota", {})
    most, sent = quota.get("Max24HourSend", -1), quota.get("SentLast24Hours", 0)
    if told.get("ProductionAccessEnabled") and 0 <= most <= sent / NEARLY:
        yield f"{sent:.0f} of the {most:.0f} mails that SES allows a day have left in the last 24 hours; ask for more under “Service Quotas”."


# -- the one active rule set


def activate(account: Account, stack: Stack) -> str:
    """Mail for the domain comes to the desk, whatever rules are active already; what was done, in words.

    An account has one active set. Where another is active, ours would silence it: so our rule is copied into that one.
    """
    client = account.client("ses")
    own = stack.output("RuleSetToActivate")
    rule = client.describe_receipt_rule_set(RuleSetName=own)["Rules"][0]
    active = client.describe_active_receipt_rule_set()
    name = active.get("Metadata", {}).get("Name", "")
    if name == own:
        return "The desk's rules for incoming mail are active."
    if not name:
        client.set_active_receipt_rule_set(RuleSetName=own)
        return "The desk's rules for incoming mail are active now; there were no others."
    present = {each["Name"]: each for each in active.get("Rules", ())}
    if rule["Name"] not in present:
        after = {"After": active["Rules"][-1]["Name"]} if active.get("Rules") else {}
        client.create_receipt_rule(RuleSetName=name, Rule=rule, **after)
        return (
            f"The account has other rules for incoming mail (“{name}”); the desk's rule was added behind them."
            + warning(active)
        )
    if present[rule["Name"]] != rule:
        client.update_receipt_rule(RuleSetName=name, Rule=rule)
        return f"The desk's rule among the other rules (“{name}”) was brought up to date."
    return f"The desk's rule is active among the other rules (“{name}”)."


def warning(active: dict[str, Any]) -> str:
    """A rule before ours may keep the mail for itself."""
    stops = [
        each["Name"]
        for each in active.get("Rules", ())
        if any("StopAction" in action for action in each.get("Actions", ()))
    ]
    return f" Look at {', '.join(stops)}: a rule that stops may keep our mail from us." if stops else ""


def deactivate(account: Account, stack: Stack) -> str:
    """Before the stack goes: a rule set that is active cannot be deleted, and a copied rule would fail on every mail."""
    client = account.client("ses")
    active = client.describe_active_receipt_rule_set()
    name = active.get("Metadata", {}).get("Name", "")
    copied = rule_of(account)
    if name and name == stack.output("RuleSetToActivate"):
        if any(each["Name"] != copied for each in active.get("Rules", ())):
            return hand_over(client, name, copied)
        client.set_active_receipt_rule_set()
        return "Incoming mail is no longer taken: its rules are not active any more."
    if copied in [each["Name"] for each in active.get("Rules", ())]:
        client.delete_receipt_rule(RuleSetName=name, RuleName=copied)
        return f"The desk's rule was taken out of “{name}”."
    return "The desk's rules for incoming mail were not active."


def hand_over(client: Any, own: str, rule: str) -> str:
    """Ours was the active set, so that others put their rules into it (another stage does): theirs stay, in a set that stays active."""
    heir = f"{own}-others"
    client.delete_receipt_rule_set(RuleSetName=heir)  # what a run that died has left; SES is silent where there is none
    client.clone_receipt_rule_set(RuleSetName=heir, OriginalRuleSetName=own)
    client.delete_receipt_rule(RuleSetName=heir, RuleName=rule)
    client.set_active_receipt_rule_set(RuleSetName=heir)
    return f"Other rules for incoming mail lay in the desk's set; they are active without it, as “{heir}”."


def rule_of(account: Account) -> str:
    """The same in every set: the bucket lets it in by this name, and an alarm listens for it."""
    return f"{account.stack}-mail-in"


def unheard(account: Account) -> Iterator[str]:
    """Why no mail comes in, as far as SES's rules are the reason."""
    active = account.client("ses").describe_active_receipt_rule_set()
    rules = [each for each in active.get("Rules", ()) if each["Name"] == rule_of(account)]
    if not rules:
        yield "SES takes in no mail for the desk: its rule is not among the active ones."
    elif not rules[0].get("Enabled"):
        yield "SES takes in no mail for the desk: its rule is switched off."


# -- the certificate of a name of one's own


def certificate(account: Account, name: str) -> tuple[str, Record | None]:
    """(ARN, None) of an issued certificate for `name`; ("", the record that proves the name) while AWS waits for it."""
    client = account.client("acm", "us-east-1")
    arn = (
        known_certificate(client, name)
        or client.request_certificate(DomainName=name, ValidationMethod="DNS", IdempotencyToken="otklik")[
            "CertificateArn"
        ]
    )
    for _ in range(20):  # the record takes a few seconds to be thought up
        told = client.describe_certificate(CertificateArn=arn)["Certificate"]
        if told["Status"] == "ISSUED":
            return arn, None
        for option in told.get("DomainValidationOptions", ()):
            if record := option.get("ResourceRecord"):
                return "", Record("CNAME", record["Name"].rstrip("."), record["Value"].rstrip("."), "the certificate")
        account.sleep(2)
    return "", None


def known_certificate(client: Any, name: str) -> str:
    pages = client.get_paginator("list_certificates").paginate(CertificateStatuses=["ISSUED", "PENDING_VALIDATION"])
    known = [each for page in pages for each in page["CertificateSummaryList"] if each["DomainName"] == name]
    known.sort(key=lambda each: each.get("Status") != "ISSUED")
    return str(known[0]["CertificateArn"]) if known else ""
