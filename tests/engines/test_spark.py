"""Does Spark answer filters as the plain definition does?"""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geo.area import BBox
from geo.filters import Filter, select
from geo.incident import Incident
from geo.layerfile import encode
from tests.engines.crowded import every_area
from tests.examples import incident
from tests.strategies import boxes, crowds, filters

pytest.importorskip("ibis", reason="ibis is not installed (requirements-dev.txt)")
pytest.importorskip("pyspark", reason="pyspark is not installed (requirements-cluster.txt)")
if not (shutil.which("java") or "JAVA_HOME" in os.environ):
    pytest.skip("Spark needs Java, which is not installed", allow_module_level=True)

from geo.engines.land import land
from geo.engines.ledger import Asked
from geo.engines.open import opened

# of Spark's own about pandas, and of what it leaves to the garbage
pytestmark = pytest.mark.filterwarnings("ignore")
# a folder without rows is a folder without columns
ALONE = incident("own:alone")


@pytest.fixture(scope="module", autouse=True)
def _spark(tmp_path_factory):
    from pyspark.sql import SparkSession

    session = (
        SparkSession.builder.master("local[2]")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.sql.shuffle.partitions", "2")
        .config("spark.sql.warehouse.dir", str(tmp_path_factory.mktemp("warehouse")))
        .getOrCreate()
    )
    yield
    session.stop()


@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    crowd=crowds(max_size=30),
    query=filters(),
    area=st.none() | every_area(),
    frame=st.none() | boxes(),
    data=st.data(),
)
def test_spark_and_plain_definition_agree_on_every_ledger(
    tmp_path: Path,
    crowd: list[Incident],
    query: Filter,
    area: object,
    frame: BBox | None,
    data: st.DataObject,
) -> None:
    query = replace(query, area=area) if area else query
    aside = frozenset(data.draw(st.sets(st.sampled_from([i.id for i in crowd]))) if crowd else ())
    ordered = sorted([*crowd, ALONE], key=lambda i: i.id)
    plain = select(ordered, query, frame=frame, set_aside=aside)
    land(map(encode, ordered), tmp_path, layer="crowd", block=7)
    with opened(f"spark:{tmp_path}") as rows:
        asked = Asked(rows, query, frame=frame, set_aside=aside)
        account = asked.account()
        assert account.ledger == plain.ledger
        assert account.layers == (("crowd", None),)
        assert account.as_of == max(i.recorded.updated for i in ordered)
        assert tuple(asked.matches(len(ordered))) == plain.matches
