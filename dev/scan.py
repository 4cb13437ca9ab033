"""Checkov over the template as it would be deployed: every finding is mended, or explained here, and no explanation is left over.

Run by `./desk test --all`. Checkov pins an old SDK, so that it lives in a virtual environment of its own.
"""

import json
import subprocess
import sys
from pathlib import Path

from dev import apart
from dev.package import BUILD, ROOT

CHECKOV = "checkov==3.3.30"
HOME = ROOT / ".venv-scan"

EXPLAINED = {
    "CKV_AWS_18": "S3 access logs would keep who read which mail for ever, and cost more than the mail; CloudTrail can be switched on for an account.",
    "CKV_AWS_26": "The topics carry SES's event records and alarms inside of AWS; a key of our own would cost a dollar a month and add no wall.",
    "CKV_AWS_27": "The queues are encrypted by SQS itself (SqsManagedSseEnabled), which this check does not know.",
    "CKV_AWS_68": "A web firewall costs more than all the rest of the desk; the API throttles, and counts failed sign-ins by address.",
    "CKV_AWS_76": "The functions log each event themselves, without addresses; access logs would hold them.",
    "CKV_AWS_86": "The same for CloudFront.",
    "CKV_AWS_115": "TakeIn and SesEvents are limited where they read their queues (MaximumConcurrency), so that nothing is throttled back.",
    "CKV_AWS_116": "Queues feed two functions and have dead letters; the timer's next run does what a failed one has not; the API answers its caller.",
    "CKV_AWS_117": "The functions talk to AWS only; a VPC would need a NAT gateway, which costs more than the desk.",
    "CKV_AWS_119": "The table is encrypted with AWS's own KMS key; a key of our own is for those who must be able to throw it away.",
    "CKV_AWS_120": "Nothing that the API answers may be cached: it is somebody's.",
    "CKV_AWS_158": "Logs hold neither mail nor addresses, and are encrypted by CloudWatch itself.",
    "CKV_AWS_173": "No secret is in the environment; the desk's own one lies in the table.",
    "CKV_AWS_174": "TLS 1.2 holds for a name of one's own; CloudFront's own name and certificate cannot be told so.",
}


def main() -> int:
    try:
        python = apart.set_up(HOME, CHECKOV)
    except (subprocess.CalledProcessError, OSError) as error:
        # Not a test of ours, and its index may lack it: said, not fatal.
        print(f"checkov: left out, it could not be installed ({error})")
        return 0
    found = findings(python, BUILD / "cloudformation.json")
    new = sorted(found - EXPLAINED.keys())
    stale = sorted(EXPLAINED.keys() - found)
    for each in new:
        print(f"{each} is neither mended nor explained; see dev/scan.py.")
    for each in stale:
        print(f"{each} is explained, but is no finding any more.")
    print(f"checkov: {len(found)} kinds of findings, {len(found) - len(new)} explained")
    return 1 if new or stale else 0


def findings(python: str, template: Path) -> set[str]:
    """The ids of the checks that fail, as far as the scanner can tell without asking anybody."""
    flags = ["--framework", "cloudformation", "--skip-download", "--quiet", "--compact", "--output", "json"]
    command = [python, "-m", "checkov.main", "-f", str(template), *flags]
    said = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    try:
        told = json.loads(said.stdout)
    except ValueError:
        sys.exit(f"Checkov did not work: {(said.stderr or said.stdout)[-2000:]}")
    if not told["summary"]["passed"] or told["summary"]["parsing_errors"]:
        sys.exit(f"Checkov could not read the template: {told['summary']}")
    return {each["check_id"] for each in told["results"]["failed_checks"]}


if __name__ == "__main__":
    sys.exit(main())
