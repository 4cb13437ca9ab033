"""`./desk package`: the zip and the templates that CloudFormation takes, linted, in build/.

    build/deployment.zip        the code of all functions, for arm64
    build/sam.json              the template with its SAM types, which `aws cloudformation package` and `deploy` take
    build/cloudformation.json   the same, translated, to read and to lint
    build/merge.json            what infra/ adds to Chalice's own template

Needs no AWS account and asks none.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from dev.bytecode import with_bytecode

ROOT = Path(__file__).parent.parent
INFRA = ROOT / "infra"
BUILD = ROOT / "build"
REGION = "eu-west-1"  # only where a tool insists on one; nothing of it comes into the templates
# Signed addresses have the region's name, but in us-east-1 the global one.
BUCKET_ORIGIN = "https://${Bucket.DomainName} https://${Bucket.RegionalDomainName}"

Template = dict[str, Any]


def main() -> int:
    made = package()
    findings = lint(BUILD / "sam.json") + lint(BUILD / "cloudformation.json")
    size = (BUILD / "deployment.zip").stat().st_size / 1_000_000
    print(
        f"deployment.zip: {size:.2f} MB; cloudformation.json: {len(made['Resources'])} resources; cfn-lint: {findings or 'no findings'}"
    )
    return 1 if findings else 0


def package(folder: Path = BUILD) -> Template:
    """Writes all four files anew and answers the translated template."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / "merge.json").write_text(json.dumps(additions(), indent=2))
    flags = ("--stage", "prod", "--merge-template", str(folder / "merge.json"), str(folder))
    run(script("chalice.cli", "package", *flags))
    code = folder / "deployment.zip"
    code.write_bytes(with_bytecode(code.read_bytes()))
    given = json.loads((folder / "sam.json").read_text())
    made = translated(given)
    (folder / "cloudformation.json").write_text(json.dumps(made, indent=2))
    return made


def additions() -> Template:
    """All of infra/ as one template. Raises ValueError where two files say different things about one name."""
    merged: Template = {}
    for file in sorted(INFRA.glob("*.json")):
        if file.name != "site-headers.json":
            merge(merged, json.loads(file.read_text()), file.name)
    merge(merged, {"Resources": header_policies()}, "site-headers.json")
    return merged


def merge(into: Template, more: Template, where: str) -> None:
    for name, value in more.items():
        if isinstance(value, dict) and isinstance(into.get(name), dict):
            merge(into[name], value, where)
        elif into.setdefault(name, value) != value:
            raise ValueError(f"infra/{where} contradicts another file about {name}.")


def header_policies() -> Template:
    """One CloudFront policy for each set of headers in infra/site-headers.json: the laptop sends the same file's."""
    sets = json.loads((INFRA / "site-headers.json").read_text())
    return {policy_name(path): header_policy(policy_name(path), headers) for path, headers in sets.items()}


def policy_name(path: str) -> str:
    """default -> HeadersDefault, /mail-frame-img.html -> HeadersMailFrameImg"""
    words = path.strip("/").removesuffix(".html").split("-")
    return "Headers" + "".join(word.capitalize() for word in words)


def header_policy(name: str, headers: dict[str, str]) -> Template:
    """CloudFront takes the security headers only as such, and all others only as custom ones."""
    others = dict(headers)
    age, _, scope = others.pop("Strict-Transport-Security").partition("; ")
    csp = others.pop("Content-Security-Policy").replace("${BucketOrigin}", BUCKET_ORIGIN)
    security = {
        "ContentSecurityPolicy": {"ContentSecurityPolicy": {"Fn::Sub": csp} if "${" in csp else csp, "Override": True},
        "StrictTransportSecurity": {
            "AccessControlMaxAgeSec": int(age.removeprefix("max-age=")),
            "IncludeSubdomains": scope == "includeSubDomains",
            "Override": True,
        },
        "ReferrerPolicy": {"ReferrerPolicy": others.pop("Referrer-Policy"), "Override": True},
        "ContentTypeOptions": {"Override": others.pop("X-Content-Type-Options") == "nosniff"},
    }
    custom = [{"Header": header, "Value": value, "Override": True} for header, value in others.items()]
    config = {"Name": {"Fn::Sub": f"${{AWS::StackName}}-{name}"}, "SecurityHeadersConfig": security}
    config |= {"CustomHeadersConfig": {"Items": custom}} if custom else {}
    return {"Type": "AWS::CloudFront::ResponseHeadersPolicy", "Properties": {"ResponseHeadersPolicyConfig": config}}


def translated(given: Template) -> Template:
    """As CloudFormation's own transform makes it. The zip stands in for one in a bucket, which the transform insists on."""
    os.environ.setdefault("AWS_DEFAULT_REGION", REGION)
    from samtranslator.translator.transform import transform  # half a second that only this needs

    class NoManagedPolicies:
        def load(self) -> dict[str, str]:
            return {}

    copy = json.loads(json.dumps(given).replace('"./deployment.zip"', '"s3://the-deployment-bucket/deployment.zip"'))
    made: Template = transform(copy, {}, NoManagedPolicies())
    return made


def lint(template: Path) -> int:
    """How many findings cfn-lint has, having printed them."""
    command = script("cfnlint.runner", "--regions", REGION, "--format", "parseable", "--template", str(template))
    answer = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    findings = [line for line in (answer.stdout + answer.stderr).splitlines() if line.strip()]
    for line in findings:
        print(line)
    return len(findings) or answer.returncode


def script(module: str, *arguments: str) -> list[str]:
    """Both tools are packages without a __main__, and the scripts that pip writes break when their folder is moved."""
    return [sys.executable, "-c", f"import sys; from {module} import main; sys.exit(main())", *arguments]


def run(command: list[str]) -> None:
    environment = {"AWS_DEFAULT_REGION": REGION} | os.environ | {"AWS_EC2_METADATA_DISABLED": "true"}
    answer = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT, env=environment)
    if answer.returncode:
        sys.exit(f"chalice package failed:\n{answer.stdout}{answer.stderr}")


if __name__ == "__main__":
    sys.exit(main())
