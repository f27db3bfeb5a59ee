"""An import on the page: the merchant rehearses, reads, applies, meets the brake, undoes, and saves a CSV."""

import csv
import io
import re

import pytest

from bling_sync import merchant_requests, shop_work, sweeper
from bling_sync.catalogue import run as imports
from bling_sync.leases import lease
from bling_sync.models import ImportRun
from reservations.models import StockItem
from tests.bling_sync.merchant.company import without_default_deposit
from tests.bling_sync.world import FIRST, World
from tests.factories import stock_of
from tests.merchant.merchant import Merchant

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning"),
]
PAGE = "/app/bling/"


@pytest.fixture
def connected(company: World) -> World:
    """The merchant's shop, connected, with nothing imported."""
    company.connect()
    return company


def work(world: World) -> None:
    """Take the import to its end, as a worker does."""
    while shop_work.go_on_importing(world.shop.pk):
        pass


def rehearse(merchant: Merchant, world: World) -> str:
    """Start a rehearsal and let a worker do it; returns the run's address."""
    address = str(merchant.post(f"{PAGE}imports").json()["go"])
    work(world)
    return address


def apply(merchant: Merchant, world: World) -> str:
    """Rehearse and apply; returns the address of the run that applied."""
    address = str(merchant.post(f"{rehearse(merchant, world)}applied").json()["go"])
    work(world)
    return address


def number(page: str, label: str) -> str:
    """The figure above this label."""
    found = re.search(rf"<dt>{label}</dt><dd>(.*?)</dd>", page)
    assert found, page
    return " ".join(re.sub(r"<.*?>", " ", found[1]).split())


def test_the_first_import_is_a_rehearsal_that_writes_nothing(merchant: Merchant, connected: World) -> None:
    assert "Comparar com o Bling" in merchant.page(PAGE, part="import")
    page = merchant.page(rehearse(merchant, connected))
    assert "ensaio" in page
    assert number(page, "SKUs que seriam novos") == "2"
    assert number(page, "em estoque, de → para") == "0 → 15 un."
    assert not StockItem.objects.exists()


def test_beginning_an_import_calls_nobody_in_the_web_request(merchant: Merchant, connected: World) -> None:
    before = len(connected.requests_to(""))
    merchant.post(f"{PAGE}imports")
    merchant.page(PAGE)
    assert len(connected.requests_to("")) == before
    assert [due.importing for due in sweeper.due()] == [True]


def test_a_run_that_is_under_way_shows_how_far_it_is(merchant: Merchant, connected: World) -> None:
    address = merchant.post(f"{PAGE}imports").json()["go"]
    assert "Lendo produtos do Bling: 0 até agora." in merchant.page(address, part="run")
    run = ImportRun.objects.get()
    while run.phase != "balances":
        imports.step(run, connected.connection)
    assert "Lendo saldos: 0 de 2." in merchant.page(address, part="run")
    assert "Lendo saldos: 0 de 2." in merchant.page(PAGE, part="import")


def test_the_merchant_reads_how_long_it_takes_before_pressing_and_while_it_runs(
    merchant: Merchant, connected: World
) -> None:
    assert "Só dá para saber quantos produtos o Bling tem depois de ler todos." in merchant.page(PAGE, part="import")
    address = merchant.post(f"{PAGE}imports").json()["go"]
    assert "O tempo restante aparece quando todos os produtos forem lidos." in merchant.page(address, part="run")
    work(connected)
    assert ", com 9 chamadas ao Bling." in merchant.page(address)
    assert ": 9 chamadas ao Bling para cerca de 2 produtos, a duas por segundo." in merchant.page(PAGE)
    merchant.post(f"{PAGE}imports")
    assert "Tempo restante: " in merchant.page(PAGE, part="import")


def test_a_running_import_is_cancelled_from_its_page(merchant: Merchant, connected: World) -> None:
    address = merchant.post(f"{PAGE}imports").json()["go"]
    assert "Cancelar a importação" in merchant.page(address)
    with lease(connected.shop.pk, "import", 30):
        merchant.post(f"{address}cancelled")
        assert "Cancelando: falta só o Bling responder à chamada em andamento." in merchant.page(address, part="run")
    merchant.post(f"{address}cancelled")
    assert "Cancelada antes de gravar qualquer coisa." in merchant.page(address)
    assert merchant.post(f"{address}cancelled").status_code == 409


def test_what_a_cancelled_import_has_written_is_said_and_can_be_undone(merchant: Merchant, connected: World) -> None:
    address = apply(merchant, connected)
    ImportRun.objects.filter(state="applied").update(state="cancelled", applied=2)
    page = merchant.page(address)
    assert "Cancelada depois de gravar 2 números." in page
    assert "Desfazer esta importação" in page
    merchant.post(f"{address}undone")
    assert "Desfazendo" in merchant.page(address)
    merchant_requests.undo_import(connected.shop.pk)
    assert "Esta importação foi desfeita" in merchant.page(address)


def test_two_clicks_begin_one_import(merchant: Merchant, connected: World) -> None:
    first, second = (merchant.post(f"{PAGE}imports").json()["go"] for _ in range(2))
    assert first == second
    assert ImportRun.objects.count() == 1


def test_what_was_rehearsed_is_applied_by_a_worker(merchant: Merchant, connected: World) -> None:
    address = apply(merchant, connected)
    assert connected.stock().on_hand == 10
    page = merchant.page(address)
    assert number(page, "SKUs novos") == "2"
    assert "Desfazer esta importação" in page


def test_a_run_that_changed_nothing_says_why(merchant: Merchant, connected: World) -> None:
    apply(merchant, connected)
    assert "todos os números já são os do Bling" in merchant.page(rehearse(merchant, connected))


def test_the_doctor_lists_each_reason_with_what_to_do(merchant: Merchant, connected: World) -> None:
    connected.bling.control.post("products", sku="", quantity=1)
    connected.bling.control.post("products", sku="sku-bzc-001 ", quantity=1)
    stock_of(connected.shop, 3, FIRST)
    address = rehearse(merchant, connected)
    page = merchant.page(address)
    assert "Cadastre um SKU (código) para o produto no Bling." in page
    assert f'{address}?show=similar"' in page
    assert "parecido com" in merchant.page(f"{address}?show=similar")
    assert "parecido com" not in merchant.page(f"{address}?show=blank")


def test_a_long_list_is_walked_fifty_at_a_time(merchant: Merchant, connected: World) -> None:
    for at in range(51):
        connected.bling.control.post("products", sku=f"MANY-{at:03}", quantity=1)
    address = rehearse(merchant, connected)
    first = merchant.page(f"{address}?show=new")
    skus = set(re.findall(r"(?:MANY|SKU-BZC)-\d+", first))
    more = re.search(r'href="([^"]+after=\d+)"', first)
    assert more
    skus_behind = set(re.findall(r"(?:MANY|SKU-BZC)-\d+", merchant.page(more[1].replace("&amp;", "&"))))
    assert (len(skus), len(skus_behind)) == (50, 3)
    assert not skus & skus_behind


def test_more_than_the_brake_lets_pass_is_confirmed_with_its_numbers(merchant: Merchant, connected: World) -> None:
    apply(merchant, connected)
    connected.bling.control.post("movements", sku=FIRST, operation="B", quantity=0)
    address = rehearse(merchant, connected)
    page = merchant.page(address)
    assert "Cortaria 10 de 15 unidades e zeraria 1 de 2 SKUs; o freio pergunta acima de 30 %." in page
    refused = merchant.post(f"{address}applied")
    assert refused.status_code == 422
    assert ' error="Confirme que estas unidades podem ser cortadas."' in refused.content.decode()
    assert connected.stock().on_hand == 10
    merchant.post(f"{address}applied", confirmed="1")
    work(connected)
    assert connected.stock().on_hand == 0


def test_a_cut_that_came_after_the_rehearsal_stops_at_the_brake(merchant: Merchant, connected: World) -> None:
    apply(merchant, connected)
    address = rehearse(merchant, connected)
    connected.bling.control.post("movements", sku=FIRST, operation="B", quantity=0)
    stopped = merchant.post(f"{address}applied").json()["go"]
    work(connected)
    assert connected.stock().on_hand == 10
    assert "Parada pelo freio" in merchant.page(stopped)


def test_an_older_rehearsal_is_not_applied(merchant: Merchant, connected: World) -> None:
    old = rehearse(merchant, connected)
    rehearse(merchant, connected)
    answer = merchant.post(f"{old}applied")
    assert answer.status_code == 409
    assert answer.json()["message"] == "Uma importação mais nova tomou o lugar desta."


def test_an_applied_import_is_undone_by_a_worker(merchant: Merchant, connected: World) -> None:
    stock_of(connected.shop, 4, FIRST)
    address = apply(merchant, connected)
    assert merchant.post(f"{address}undone").status_code == 200
    assert "Desfazendo" in merchant.page(address)
    assert [due.undoing for due in sweeper.due()] == [True]
    merchant_requests.undo_import(connected.shop.pk)
    assert connected.stock().on_hand == 4
    assert "Esta importação foi desfeita" in merchant.page(address)
    assert "As leituras estão em pausa" in merchant.page(PAGE)
    assert merchant.post(f"{PAGE}read").status_code == 409
    assert not any(due.undoing or due.read for due in sweeper.due())


def test_only_the_last_applied_import_is_undone(merchant: Merchant, connected: World) -> None:
    first, second = apply(merchant, connected), apply(merchant, connected)
    assert merchant.post(f"{first}undone").status_code == 409
    assert merchant.post(f"{second}undone").status_code == 200


def test_every_product_and_its_verdict_is_taken_along(merchant: Merchant, connected: World) -> None:
    connected.bling.control.post("products", sku="=HYPERLINK()", name="Ação", quantity=1)
    response = merchant.get(f"{rehearse(merchant, connected)}csv")
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert {row["sku"] for row in rows} == {"SKU-BZC-001", "SKU-BZC-002", "'=HYPERLINK()"}
    assert "Ação" in {row["name"] for row in rows}


def test_an_import_that_bling_refuses_says_so(merchant: Merchant, connected: World) -> None:
    connected.bling.control.post("behaviour", missing_scopes=["produtos"])
    address = rehearse(merchant, connected)
    assert ImportRun.objects.get().state == "failed"
    assert "A importação terminou sem resultado" in merchant.page(address)


def test_nothing_is_imported_before_the_deposit_is_chosen(merchant: Merchant, company: World) -> None:
    without_default_deposit(company)
    company.connect()
    answer = merchant.post(f"{PAGE}imports")
    assert answer.status_code == 409
    assert not ImportRun.objects.exists()


def test_another_shops_import_is_not_found(merchant: Merchant, connected: World) -> None:
    address, other = rehearse(merchant, connected), Merchant()
    for path in (address, f"{address}csv"):
        assert other.get(path).status_code == 404
    for path in (f"{address}applied", f"{address}cancelled", f"{address}undone"):
        assert other.post(path).status_code == 404
    assert not StockItem.objects.exists()
