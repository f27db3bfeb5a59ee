"""The admin in a real browser, which enforces the policy that its pages come with."""

import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.urls import reverse
from playwright.sync_api import Browser, Page
from pytest_django import Settings

from staff import second_factor
from tests.factories import make_shop, stock_of
from tests.staff.test_second_factor import PASSWORD, code_of
from tests.support.chromium import PATIENCE_MS

pytestmark = pytest.mark.django_db(transaction=True)
LISTS = ("reservations_stockitem_changelist", "auth_user_changelist", "auth_user_add", "reservations_stockitem_count")


def test_staff_sign_in_and_work_while_the_browser_finds_nothing_that_the_policy_forbids(
    browser: Browser, live_server: Any, settings: Settings
) -> None:
    settings.SECOND_FACTOR_REQUIRED = True
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    ana = User.objects.create_superuser("ana", password=PASSWORD)
    stock_of(make_shop(), 5)
    page, complaints = browser.new_context(locale="pt-BR").new_page(), []
    page.set_default_timeout(PATIENCE_MS)
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))

    page.goto(f"{live_server.url}/admin/")
    page.fill("#id_username", "ana")
    page.fill("#id_password", PASSWORD)
    page.click("#login-form [type=submit]")
    key = page.inner_text(".bazico-key").replace(" ", "")
    assert page.evaluate("document.querySelector('.bazico-qr').naturalWidth") > 100
    confirm(page, code_of(key))
    assert len(page.query_selector_all(".bazico-codes li")) == 8
    page.click(".bazico-go-on a")
    page.wait_for_selector("#user-tools")
    for address in (*(reverse(f"admin:{name}") for name in LISTS), reverse("admin:auth_user_change", args=[ana.pk])):
        page.goto(live_server.url + address)
        assert re.search(r"/admin/[a-z_]+/", page.url)
    # The two columns of permissions are made by a script of Django's.
    assert page.is_visible(".selector-chosen")
    assert complaints == []
    assert second_factor.app_of(ana) is not None
    page.context.close()


def confirm(page: Page, code: str) -> None:
    page.fill("#id_code", code)
    page.click(".bazico-step .submit-row [type=submit]")
