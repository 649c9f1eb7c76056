"""What services send, made by their published descriptions."""

from __future__ import annotations

from typing import Any

import orjson


def jivosite(event: str = "chat_finished", **more: Any) -> dict[str, Any]:
    """An event of a chat; numbers come as numbers."""
    body: dict[str, Any] = {
        "event_name": event,
        "chat_id": 7507,
        "widget_id": "3948",
        "visitor": {
            "name": "Олег Петров",
            "email": "oleg@example.com",
            "phone": "8 912 345-67-89",
            "number": "2201",
            "description": "Просит опт",
            "social": {},
            "chats_count": 2,
        },
        "agent": {"id": "1", "name": "Ирина", "email": "irina@example.com"},
        "session": {
            "geoip": {"city": "Тверь", "country": "Russia"},
            "utm": "utm_source=yandex|utm_campaign=vesna",
            "utm_json": {"source": "yandex", "campaign": "vesna", "term": "розы"},
            "ip_addr": "203.0.113.9",
            "user_agent": "Mozilla/5.0",
        },
        "page": {"url": "https://shop.example/roses", "title": "Розы"},
    }
    if event == "chat_finished":
        body["chat"] = {
            "rate": None,
            "messages": [
                {"type": "visitor", "message": "Есть розы?", "timestamp": 1790000000},
                {"type": "agent", "agent_id": "1", "message": "Есть", "timestamp": 1790000009},
            ],
        }
    return body | more


def roistat(**more: str) -> dict[str, str]:
    """Parameters of a pushed lead."""
    extra = {"page": "https://shop.example/roses", "utm_source": "yandex", "Доставка": "Тверь"}
    return {
        "id": "345",
        "visit": "100501",
        "marker": "direct7_search",
        "title": "Заявка с формы «Розы»",
        "text": "Сто роз к пятнице",
        "name": "Олег Петров",
        "phone": "89123456789",
        "email": "oleg@example.com",
        "created_date": "2026-11-20 10:15:00",
        "data": orjson.dumps(extra).decode(),
    } | more


def call(**more: str) -> dict[str, str]:
    """A notification by our template; what a cabinet does not know stays as it was."""
    return {
        "notification_mnemonic": "call_finished",
        "notification_time": "2026-11-20T10:15:00+03:00",
        "communication_id": "99812",
        "communication_type": "call",
        "call_session_id": "5501",
        "contact_phone_number": "79123456789",
        "contact_full_name": "Олег Петров",
        "contact_email": "{{contact_email}}",
        "virtual_phone_number": "74951234567",
        "scenario_name": "Отдел продаж",
        "campaign_name": "Яндекс Директ",
        "utm_source": "yandex",
        "utm_campaign": "vesna",
        "visitor_session_id": "77001",
        "page_url": "https://shop.example/roses",
        "record_link": "",
        "message": "",
    } | more


def template(values: dict[str, str]) -> bytes:
    """As the services fill the template in: values go in as they are, a field a line."""
    lines = ",\n".join(f'  "{name}": "{value}"' for name, value in values.items())
    return f"{{\n{lines}\n}}".encode()
