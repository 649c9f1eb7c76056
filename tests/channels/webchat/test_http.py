"""The visitors' protocol over real HTTP: sessions, messages, limits, sites."""

from __future__ import annotations

import uuid
from datetime import timedelta

import orjson
import pytest

from crm_core.kernel import clock, db
from tests.channels.webchat.site import Site, open_site

SHOP = "https://shop.example"


async def count(table: str) -> int:
    found: int = await db.fetchval(f"SELECT count(*) FROM {table}")
    return found


async def test_a_session_stores_nothing(site: Site) -> None:
    visitor = await site.visitor()
    found = await visitor.session()
    assert found["known"] is True
    assert found["config"]["title"] == "Цветы рядом"
    assert found["state"] == {"state": "none", "online": True}
    assert found["messages"] == []
    assert [await count(table) for table in ("client", "dialog", "raw_event")] == [0, 0, 0]


async def test_a_message_arrives_with_what_is_known(site: Site) -> None:
    visitor = await site.visitor()
    context = {"page": "https://shop.example/roses", "utm": {"utm_source": "mail"}}
    profile = {"name": "Ольга", "phone": "+7 999 123-45-67"}
    stored = await visitor.write("Есть розы?", context=context, profile=profile)
    row = await db.fetchrow(
        "SELECT m.id, m.text, d.context, i.name FROM message m JOIN dialog d ON d.id = m.dialog_id"
        " JOIN identity i ON i.id = d.identity_id"
    )
    assert row is not None
    assert (stored["id"], row["text"], row["name"]) == (row["id"], "Есть розы?", "Ольга")
    assert orjson.loads(row["context"])["utm"] == {"utm_source": "mail"}
    assert await db.fetchval("SELECT value FROM contact_point") == "+79991234567"


async def test_the_same_uuid_is_one_message(site: Site) -> None:
    visitor = await site.visitor()
    same = str(uuid.uuid4())
    first = await visitor.write("Раз", id=same)
    again = await visitor.write("Раз", id=same)
    assert again == first
    assert await count("message") == 1


async def test_another_visitors_uuid_is_another_message(site: Site) -> None:
    same = str(uuid.uuid4())
    for _ in range(2):
        await (await site.visitor()).write("Раз", id=same)
    assert await count("message") == 2
    assert await count("dialog") == 2


async def test_history_comes_back_with_the_token(opened: str) -> None:
    async with open_site(visitor_per_minute=600) as site:
        visitor = await site.visitor()
        for number in range(35):
            await visitor.write(f"Сообщение {number}")
        found = await visitor.session()
        texts = [one["text"] for one in found["messages"]]
        assert texts == [f"Сообщение {number}" for number in range(5, 35)]
        assert found["more"] is True
        oldest = found["messages"][0]["id"]
        older = await (await visitor.get(f"history?before={oldest}")).json()
        assert [one["text"] for one in older["messages"]] == [f"Сообщение {n}" for n in range(5)]
        assert older["more"] is False


async def test_nonsense_as_a_place_in_history_is_the_end(site: Site) -> None:
    visitor = await site.visitor()
    await visitor.write("Здравствуйте")
    for nonsense in ("", "x", "9" * 40, "-1"):
        found = await (await visitor.get(f"history?before={nonsense}")).json()
        assert len(found["messages"]) == 1


async def test_notes_and_unsent_answers_are_never_shown(site: Site) -> None:
    visitor = await site.visitor()
    await visitor.write("Здравствуйте")
    dialog = await site.dialog()
    for direction, status in (
        ("note", None),
        ("note", "sent"),
        ("out", "queued"),
        ("out", "failed"),
    ):
        await db.execute(
            "INSERT INTO message (dialog_id, client_id, direction, kind, text, status, at,"
            " created_at) SELECT id, client_id, $2::text, 'text', 'тайна', $3::text, $4, $4"
            " FROM dialog WHERE id = $1",
            dialog,
            direction,
            status,
            clock.now(),
        )
    assert [one["text"] for one in (await visitor.session())["messages"]] == ["Здравствуйте"]


async def test_a_reply_refers_to_the_message(site: Site) -> None:
    visitor = await site.visitor()
    first = await visitor.write("Розы есть?")
    await visitor.write("Именно эти", reply_to=first["id"])
    shown = (await visitor.session())["messages"]
    assert shown[1]["reply_to"] == shown[0]["id"]
    stranger = await site.visitor()
    await stranger.write("Чужое", reply_to=first["id"])
    assert "reply_to" not in (await stranger.session())["messages"][0]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"text": "без имени"}, "invalid"),
        ({"id": "x", "text": "a"}, "invalid"),
        ({"text": "   \n"}, "empty"),
        ({"text": "я" * 4097}, "too_long"),
        ({"text": "a", "profile": {"phone": "позвоните"}}, "invalid"),
        ({"text": "a", "profile": {"email": "нет"}}, "invalid"),
        ({"text": "a", "context": "везде"}, "invalid"),
        ({"text": "a", "reply_to": 10**30}, "invalid"),
    ],
)
async def test_bad_messages_get_a_clear_line(
    site: Site, body: dict[str, object], code: str
) -> None:
    visitor = await site.visitor(**{"Accept-Language": "ru-RU,ru;q=0.9"})
    if body.get("text") != "без имени":
        body = {"id": str(uuid.uuid4())} | body
    response = await visitor.post("messages", **body)
    found = await response.json()
    assert (response.status, found["error"]) == (422, code)
    assert any("а" <= letter <= "я" for letter in found["message"])
    assert await count("raw_event") == 0


async def test_bodies_have_an_end(site: Site) -> None:
    visitor = await site.visitor()
    response = await visitor.post("messages", id=str(uuid.uuid4()), text="a" * 300_000)
    assert response.status == 422
    assert (await response.json())["error"] == "too_long"


async def test_not_json_is_refused(site: Site) -> None:
    async with site.http.post(site.at("session"), data=b"<xml>") as response:
        assert response.status == 422


@pytest.mark.parametrize("tail", ["messages", "read", "typing", "files"])
async def test_posts_need_a_token(site: Site, tail: str) -> None:
    visitor = await site.visitor()
    visitor.token = visitor.token[:-2] + "zz"
    response = await visitor.post(tail, id=str(uuid.uuid4()), text="a", up_to=1)
    assert response.status == 401
    assert (await response.json())["error"] == "token"


@pytest.mark.parametrize("tail", ["stream", "history"])
async def test_reads_need_a_token(site: Site, tail: str) -> None:
    async with site.http.get(site.at(tail)) as response:
        assert response.status == 401


@pytest.mark.parametrize("tail", ["", "nothing", "session/x", "messages"])
async def test_unknown_calls_are_not_found(site: Site, tail: str) -> None:
    async with site.http.get(site.at(tail)) as response:
        assert response.status == 404
        assert (await response.json())["error"] == "not_found"


async def test_a_foreign_site_is_refused_on_every_call(opened: str) -> None:
    async with open_site(origins=[SHOP]) as site:
        for method, tail in (
            ("POST", "session"),
            ("POST", "messages"),
            ("GET", "stream"),
            ("OPTIONS", "messages"),
        ):
            for headers in ({"Origin": "https://evil.example"}, {}):
                url = site.at(tail)
                async with site.http.request(method, url, headers=headers) as response:
                    assert response.status == 403
                    assert "Access-Control-Allow-Origin" not in response.headers
        assert await count("raw_event") == 0


async def test_the_own_site_may_and_sees_the_headers(opened: str) -> None:
    async with open_site(origins=[SHOP]) as site:
        visitor = await site.visitor(Origin=SHOP)
        assert (await visitor.write("Здравствуйте"))["id"]
        async with site.http.options(site.at("messages"), headers={"Origin": SHOP}) as response:
            assert response.status == 204
            assert response.headers["Access-Control-Allow-Origin"] == SHOP
            assert response.headers["Vary"] == "Origin"
            assert "Authorization" in response.headers["Access-Control-Allow-Headers"]
            assert "Access-Control-Allow-Credentials" not in response.headers
        response = await visitor.post("messages", text="без имени")
        assert response.headers["Access-Control-Allow-Origin"] == SHOP, "refusals are readable too"


async def test_a_flood_is_limited_and_ends(opened: str) -> None:
    async with open_site(visitor_per_minute=30) as site:
        visitor = await site.visitor(**{"Accept-Language": "en"})
        with clock.frozen(clock.now()):
            answers = [
                await visitor.post("messages", id=str(uuid.uuid4()), text=f"{number}")
                for number in range(20)
            ]
            assert [one.status for one in answers] == [200] * 15 + [429] * 5
            refused = answers[-1]
            assert refused.headers["Retry-After"] == "2"
            assert (await refused.json())["message"].startswith("That was quick")
            assert (await (await site.visitor()).write("другой"))["id"], "others are not touched"
            clock.advance(timedelta(seconds=2))
            assert (await visitor.post("messages", id=str(uuid.uuid4()), text="a")).status == 200
        assert await count("message") == 17


async def test_one_address_is_limited(opened: str) -> None:
    async with open_site(ip_per_minute=20) as site:
        with clock.frozen(clock.now()):
            for _ in range(20):
                await site.visitor()
            async with site.http.post(site.at("session"), json={}) as response:
                assert response.status == 429


async def test_check_warns_about_an_open_list(site: Site) -> None:
    report = await site.live.check()
    assert report.ok
    assert report.facts["warning"]


async def test_check_names_the_sites(opened: str) -> None:
    async with open_site(origins=[SHOP]) as site:
        report = await site.live.check()
        assert SHOP in report.line
        assert "warning" not in report.facts
