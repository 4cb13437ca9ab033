"""Who comes in: passwords, challenges, second factors, forgotten passwords, codes for customers; and who stays out."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib import cognito, config, sessions
from chalicelib.access import Agent
from chalicelib.errors import Refused
from chalicelib.settings import settings
from dev.cloud import Cloud
from dev.cognito import code_at, totp
from tests.cast import ADA, ANN, CARLA, CARLA_HERSELF
from tests.client import PASSWORD, Answer, Client, proven, signed_in

pytestmark = pytest.mark.usefixtures("cloud")


@pytest.fixture
def ann() -> Agent:
    """With an account and a password of her own."""
    cognito.create(ANN.login, "First-password-1")
    cognito.asked("admin_set_user_password", Username=ANN.login, Password=PASSWORD, Permanent=True, **cognito.pool())
    return ANN


def sign_in(browser: Client, login: str = "ann", password: str = PASSWORD) -> Answer:
    return browser.post("/session", {"login": login, "password": password})


def mailed(cloud: Cloud, pattern: str) -> str:
    found = re.search(pattern, cloud.outbox[-1].raw.split(b"\n\n", 1)[-1].decode())
    assert found
    return found[1]


def in_hours(hours: float) -> datetime:
    return datetime.now(UTC) + timedelta(hours=hours)


# -- signing in


def test_ann_signs_in_and_the_desk_knows_her(ann: Agent) -> None:
    browser = Client()
    answer = sign_in(browser)
    assert answer.status == 200
    me = {
        "login": "ann",
        "name": "Ann Archer",
        "role": "agent",
        "queues": ["Support"],
        "language": "en",
        "out_of_office": False,
    }
    assert answer.json == {"agent": me}
    assert browser.get("/session").json == me


def test_the_cookie_is_for_the_api_alone_and_out_of_reach_of_scripts(ann: Agent) -> None:
    cookie = sign_in(Client()).headers["Set-Cookie"]
    assert re.fullmatch(r"otklik_agent=[\w-]{43}; Path=/api; Max-Age=\d+; HttpOnly; SameSite=Strict", cookie)


def test_the_table_does_not_hold_the_token(ann: Agent, cloud: Cloud) -> None:
    browser = Client()
    sign_in(browser)
    assert browser.cookies["otklik_agent"] not in str(cloud.items())


@pytest.mark.parametrize("login", ["ann", "nobody", "olga"])
def test_a_wrong_password_and_an_unknown_login_look_the_same(login: str, ann: Agent) -> None:
    answer = sign_in(Client(), login, "wrong")
    assert (answer.status, answer.json["message"]) == (401, "Login, password or code is wrong.")


def test_logins_are_found_in_any_case(ann: Agent) -> None:
    assert sign_in(Client(), " Ann ").status == 200


def test_whoever_is_no_agent_of_the_desk_cannot_sign_in(ann: Agent) -> None:
    config.put_agent(replace(ANN, valid=False))
    assert sign_in(Client()).status == 401


def test_an_agent_made_invalid_is_out_at_once() -> None:
    browser = signed_in(ANN)
    config.put_agent(replace(ANN, valid=False))
    assert browser.get("/session").status == 401


def test_signing_out_ends_the_session_for_whoever_kept_the_cookie() -> None:
    browser = signed_in(ANN)
    thief = Client(dict(browser.cookies))
    assert browser.delete("/session").status == 200
    assert browser.cookies == {}
    assert thief.get("/session").status == 401


@pytest.mark.parametrize("token", ["", "x", "../../etc", "a" * 43, "é" * 30, "ann"])
def test_a_forged_cookie_opens_nothing(token: str) -> None:
    assert Client({"otklik_agent": token}).get("/session").status == 401
    assert Client({"otklik_portal": token}).get("/portal/tickets").status == 401


def test_no_cookie_opens_the_other_door() -> None:
    agents = signed_in(ANN).cookies["otklik_agent"]
    customers = proven(CARLA_HERSELF).cookies["otklik_portal"]
    assert Client({"otklik_portal": agents}).get("/portal/tickets").status == 401
    assert Client({"otklik_agent": customers}).get("/session").status == 401


def test_a_session_ends_after_half_a_day_without_a_request() -> None:
    token = signed_in(ANN).cookies["otklik_agent"]
    assert sessions.signed_in(token, in_hours(11.9)) == ANN
    assert sessions.signed_in(token, in_hours(20)) == ANN  # it was used meanwhile
    with pytest.raises(Refused):
        sessions.signed_in(token, in_hours(33))


def test_a_session_ends_after_a_week_in_any_case() -> None:
    token = signed_in(ANN).cookies["otklik_agent"]
    for hour in range(11, 7 * 24, 11):
        sessions.signed_in(token, in_hours(hour))
    with pytest.raises(Refused):
        sessions.signed_in(token, in_hours(7 * 24 + 1))


def test_a_session_that_was_ended_does_not_come_back_by_a_late_request() -> None:
    token = signed_in(ANN).cookies["otklik_agent"]
    sessions.sign_out("agent", token)
    sessions.prolong(sessions.hashed("agent", token), in_hours(2))
    with pytest.raises(Refused):
        sessions.signed_in(token, in_hours(2))


def test_signing_in_again_ends_the_session_before(ann: Agent) -> None:
    browser = signed_in(ANN)
    old = Client(dict(browser.cookies))
    assert sign_in(browser).status == 200
    assert (browser.get("/session").status, old.get("/session").status) == (200, 401)


def test_only_failures_are_counted(ann: Agent) -> None:
    assert {sign_in(Client()).status for _ in range(15)} == {200}
    assert [sign_in(Client(), password="wrong").status for _ in range(12)] == [401] * 10 + [429] * 2
    assert sign_in(Client()).status == 429
    assert sign_in(Client(address="203.0.113.5")).status == 200


def test_one_place_cannot_try_all_logins(ann: Agent) -> None:
    statuses = [sign_in(Client(), f"agent{n}", "wrong").status for n in range(52)]
    assert statuses == [401] * 50 + [429] * 2


def guesses(**headers: str) -> list[int]:
    """What ten and two guesses of Ann's password are answered, each said to come from elsewhere."""
    body = {"login": "ann", "password": "wrong"}
    return [
        Client().post("/session", body, X_Forwarded_For=f"192.0.2.{n}, 198.51.100.9", **headers).status
        for n in range(12)
    ]


def test_making_up_addresses_does_not_help_a_guesser(ann: Agent) -> None:
    assert guesses(X_Otklik_Site="whatever") == [401] * 10 + [429] * 2


def test_cloudfront_is_believed_about_whose_its_requests_are(ann: Agent) -> None:
    assert guesses(X_Otklik_Site=settings().site) == [401] * 12


# -- first passwords and second factors


def test_a_first_password_has_to_be_replaced_by_ones_own(cloud: Cloud) -> None:
    new = {"name": "Nina New", "email": "nina@desk.localhost", "rights": {"Support": "write"}}
    assert signed_in(ADA).put("/admin/agents/nina", new).status == 200
    first, browser = mailed(cloud, r"\n {4}(\S+)\s"), Client()
    asked = sign_in(browser, "nina", first).json
    assert asked["challenge"] == "NEW_PASSWORD_REQUIRED"
    weak = browser.post("/session/challenge", asked | {"password": "1234"})
    assert (weak.status, weak.json["code"]) == (422, "weak_password")
    assert browser.post("/session/challenge", asked | {"password": PASSWORD}).json["agent"]["login"] == "nina"
    assert browser.get("/session").status == 200
    assert sign_in(Client(), "nina", first).status == 401


def test_a_session_of_a_challenge_is_good_once(cloud: Cloud) -> None:
    signed_in(ADA).put("/admin/agents/nina", {"name": "Nina", "email": "nina@desk.localhost"})
    asked = sign_in(Client(), "nina", mailed(cloud, r"\n {4}(\S+)\s")).json
    assert Client().post("/session/challenge", asked | {"password": PASSWORD}).status == 200
    assert Client().post("/session/challenge", asked | {"password": PASSWORD}).status == 401
    assert Client().post("/session/challenge", {"session": "made-up", "code": "123456"}).status == 401


def with_factor(browser: Client) -> str:
    """Ann's authenticator: its secret."""
    begun = browser.post("/session/factor", {"password": PASSWORD}).json
    assert begun["secret"] in begun["uri"]
    body = {"session": begun["session"], "code": earlier(begun["secret"])}
    assert browser.post("/session/factor", body).json["enabled"] is True
    return str(begun["secret"])


def earlier(secret: str) -> str:
    """The code of half a minute ago, still good, so that the present one is left for the next use."""
    return code_at(secret, int(datetime.now(UTC).timestamp() // 30) - 1)


def test_a_second_factor_is_asked_for_once_it_is_enrolled(ann: Agent) -> None:
    secret = with_factor(signed_in(ANN))
    browser = Client()
    asked = sign_in(browser).json
    assert asked["challenge"] == "SOFTWARE_TOKEN_MFA" and "otklik_agent" not in browser.cookies
    wrong = "000000" if totp(secret) != "000000" else "111111"
    assert browser.post("/session/challenge", {"session": asked["session"], "code": wrong}).status == 401
    assert browser.post("/session/challenge", {"session": asked["session"], "code": totp(secret)}).status == 200


def test_codes_are_guessed_no_more_often_than_passwords(ann: Agent) -> None:
    with_factor(signed_in(ANN))
    asked = sign_in(Client()).json
    statuses = [
        Client().post("/session/challenge", {"session": asked["session"], "code": f"{n:06}"}).status for n in range(12)
    ]
    assert statuses[-2:] == [429, 429]


def test_a_second_factor_is_removed_with_password_and_code(ann: Agent) -> None:
    browser = signed_in(ANN)
    secret = with_factor(browser)
    assert browser.post("/session/factor", {"remove": True, "password": "wrong", "code": totp(secret)}).status == 403
    assert browser.post("/session/factor", {"remove": True, "password": PASSWORD, "code": totp(secret)}).status == 200
    assert "agent" in sign_in(Client()).json


def test_a_second_factor_cannot_be_replaced_unseen(ann: Agent) -> None:
    browser = signed_in(ANN)
    with_factor(browser)
    assert browser.post("/session/factor", {"password": PASSWORD}).status == 422


# -- a forgotten password


def test_a_forgotten_password_is_replaced_by_a_code_from_the_mailbox(ann: Agent, cloud: Cloud) -> None:
    old = signed_in(ANN)
    assert Client().post("/session/forgotten", {"login": "ann"}).status == 202
    assert cloud.outbox[-1].to == (ANN.email,)
    code = mailed(cloud, r"\b(\d{8})\b")
    body = {"login": "ann", "code": code, "password": "Quite-another-1"}
    assert Client().put("/session/forgotten", body | {"password": "short"}).status == 422
    assert Client().put("/session/forgotten", body).status == 200
    assert Client().put("/session/forgotten", body).status == 401
    assert sign_in(Client(), password="Quite-another-1").status == 200
    assert old.get("/session").status == 401


def test_nobody_learns_who_works_here(ann: Agent, cloud: Cloud) -> None:
    known, unknown = (Client().post("/session/forgotten", {"login": login}) for login in ("ann", "nobody"))
    assert (known.status, known.text) == (unknown.status, unknown.text)
    assert len(cloud.outbox) == 1


def test_five_wrong_codes_spoil_the_right_one(ann: Agent, cloud: Cloud) -> None:
    Client().post("/session/forgotten", {"login": "ann"})
    code = mailed(cloud, r"\b(\d{8})\b")
    for n in range(5):
        wrong = f"{(int(code) + n + 1) % 10**8:08d}"
        assert Client().put("/session/forgotten", {"login": "ann", "code": wrong, "password": PASSWORD}).status == 401
    assert Client().put("/session/forgotten", {"login": "ann", "code": code, "password": PASSWORD}).status == 401


# -- customers


def test_carla_proves_her_mailbox_and_leaves_again(cloud: Cloud) -> None:
    browser = Client()
    assert browser.post("/portal/session", {"email": CARLA.email}).status == 202
    answer = browser.put("/portal/session", {"email": CARLA.email.upper(), "code": mailed(cloud, r"\b(\d{6})\b")})
    assert answer.json["customer"]["email"] == CARLA.email
    assert "Path=/api/portal;" in answer.headers["Set-Cookie"]
    assert browser.get("/portal/tickets").json == {"tickets": [], "next": None}
    assert browser.delete("/portal/session").status == 200
    assert browser.get("/portal/tickets").status == 401


def test_asking_for_codes_says_the_same_for_ever_and_sends_no_flood(cloud: Cloud) -> None:
    answers = {Client().post("/portal/session", {"email": f"c{n}@customer.example"}).status for n in range(110)}
    assert answers == {202}
    assert len(cloud.outbox) == 100


def test_a_wrong_code_is_no_way_in() -> None:
    Client().post("/portal/session", {"email": CARLA.email})
    assert Client().put("/portal/session", {"email": CARLA.email, "code": "1"}).status == 401
