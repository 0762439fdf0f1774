import csv
import gc
import io
import os
import signal

from geo.incoming.job import Job
from geo.incoming.order import Order
from geo.remote.secrets import Secrets
from geo.store import LayerStore
from tests.examples import NOW
from tests.sources.tables import csv_bytes, ged


def order(tmp_path, data, *, source="ucdp", work="try", **more):
    path = tmp_path / "upload.csv"
    path.write_bytes(data)
    return Order(work=work, source=source, path=path, layers=tmp_path / "layers", now=NOW, **more)


def done(job):
    assert job.wait(60)
    return job


def test_a_file_is_tried_against_an_empty_layer_where_none_is_named(tmp_path):
    job = done(Job(order(tmp_path, ged({}, {"best": "many"}))))

    assert job.done
    assert (job.report["read"], job.report["new"], job.report["refused"]) == (2, 1, 1)
    assert [incident.id for incident in job.sample] == ["ucdp:1"]
    assert not (tmp_path / "layers").exists()


def test_rejected_rows_come_back_whole_and_safe(tmp_path):
    rows = [{"date": "2025-10-11", "place": "Kabul"}, {"date": "nonsense", "place": "=cmd()"}]
    job = done(Job(order(tmp_path, csv_bytes(rows), source="table")))

    text = job.results.rejected.read_bytes().decode("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(text))
    assert (row["rejected line"], row["date"], row["place"]) == ("3", "nonsense", "'=cmd()")


def test_a_file_is_written_under_the_name_of_who_said_so(tmp_path):
    job = done(Job(order(tmp_path, ged({}), work="write", layer="ged", by="Ann")))

    assert job.done
    assert LayerStore(tmp_path / "layers").history("ged")[0].who == "Ann"


def test_a_refusal_is_told_in_its_sentence(tmp_path):
    job = done(Job(order(tmp_path, b"a,b\n1,2\n")))

    assert not job.done
    assert "no UCDP GED header" in job.error


def test_a_process_that_dies_is_told(tmp_path):
    job = Job(order(tmp_path, ged(*({} for _ in range(4_000)))))
    os.kill(job._process.pid, signal.SIGKILL)

    assert "ended without a word" in done(job).error


def test_whoever_forgets_a_job_ends_it_and_its_folder(tmp_path):
    job = Job(order(tmp_path, ged(*({} for _ in range(4_000)))))
    process, folder = job._process, job.results.folder
    del job
    gc.collect()

    assert process.poll() is not None
    assert not folder.exists()


def test_no_list_of_processes_shows_a_secret(tmp_path):
    ask = Order(work="ask", source="ucdp", query=(("version", "?"),), layers=tmp_path, now=NOW)
    job = Job(ask, Secrets.of({"GEO_UCDP_TOKEN": "hush-hush"}))
    shown = " ".join(job._process.args)
    done(job)

    assert "hush-hush" not in shown
    assert "hush-hush" not in job.error
    assert not [p for p in job.results.folder.rglob("*") if b"hush-hush" in p.read_bytes()]
