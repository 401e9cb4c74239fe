"""What openapi-python-client makes of the document, at work against a real server."""

import datetime
import importlib
import io
import os
import pathlib
import pkgutil
import subprocess
import sys
import unittest

from server import HERE

TOOLS = pathlib.Path(sys.executable).parent
UNKNOWN = "00000000-0000-4000-8000-000000000000"


def generate(folder, document):
    """Makes a client beside the document; gives the package, with all that the generator said."""
    made = folder / document.stem
    done = subprocess.run(
        [
            TOOLS / "openapi-python-client", "generate", "--path", document, "--output-path", made,
            "--config", HERE / "generator.yaml",
        ],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=120,
        # It runs a formatter that stands beside it.
        env={**os.environ, "PATH": f"{TOOLS}:{os.environ['PATH']}"})
    return made, done


def load(made, package):
    """Imports each module of the client; gives their names."""
    sys.path.insert(0, str(made))
    top = importlib.import_module(package)
    names = [module.name for module in pkgutil.walk_packages(top.__path__, f"{package}.")]
    for name in names:
        importlib.import_module(name)
    return names


class TheGeneratedClient(unittest.TestCase):
    server = None

    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(cls.server.directory.name, "generated")
        cls.folder.mkdir()
        for deployment, name in ((cls.server.id, "flights"), (cls.server.names, "names")):
            document = cls.server.get("/openapi.json?forms=false", deployment=deployment, parsed=False)
            (cls.folder / f"{name}.json").write_bytes(document)
        cls.made, cls.said = generate(cls.folder, cls.folder / "flights.json")

    def assert_whole(self, done):
        """It says one line where nothing is left out, and many where something is."""
        self.assertEqual(done.returncode, 0, done.stdout[-4000:])
        self.assertRegex(done.stdout[:2000], r"\AGenerating [^\n]*\n?\Z")

    def test_is_made_whole_whatever_models_fields_and_keys_are_called(self):
        made, said = generate(self.folder, self.folder / "names.json")
        self.assert_whole(said)
        modules = load(made, "names_client")
        document = self.server.get("/openapi.json?forms=false", deployment=self.server.names)
        operations = [operation for path in document["paths"].values() for operation in path.values()]
        endpoints = [name for name in modules if ".api." in name and name.count(".") == 3]
        self.assertEqual(len(endpoints), len(operations))
        keys = importlib.import_module("names_client.models").UserFieldsList
        self.assertEqual({key.value for key in keys}, {"a", "A", "a-b", "a b", "a_b", "-", "ü", "1", "VALUE_1"})

    def test_lists_creates_patches_queries_and_follows(self):
        self.assert_whole(self.said)
        load(self.made, "flights_client")
        import flights_client.api.deployment as deployment
        import flights_client.api.flight as api
        import flights_client.models as models
        from flights_client import AuthenticatedClient
        from flights_client.types import File

        client = AuthenticatedClient(base_url=self.server.base, token=self.server.token, follow_redirects=False)
        with client:
            page = api.list_flight.sync(client=client, limit=3)
            self.assertIsInstance(page, models.FlightList)
            self.assertTrue(page.more and page.total > 3 and len(page.objects) == 3)
            rest = api.list_flight.sync(client=client, after=page.next_, limit=1000, total=False)
            self.assertEqual(rest.count, page.total - 3)
            self.assertFalse({each.id for each in page.objects} & {each.id for each in rest.objects})

            position = deployment.oplog_read.sync(client=client, tail=True, limit=1).next_request_start
            departure = datetime.datetime(2013, 5, 6, 7, 8, 9, tzinfo=datetime.timezone.utc)
            fields = models.FlightFields(
                number=4711, tail_number="N1", scheduled_departure=departure, distance=2.5,
                status=models.FlightFieldsStatus.CANCELLED, airline_id=page.objects[0].airline_id)
            made = api.create_flight.sync(client=client, body=models.FlightWrite(flight=fields))
            self.assertIsInstance(made, models.FlightObject)
            self.assertEqual((made.number, made.distance, made.status.key), (4711, 2.5, "cancelled"))
            self.assertEqual(made.scheduled_departure, departure)

            change = models.FlightPatch(
                flight=models.FlightFields(number=4712, status=models.FlightFieldsStatus.LANDED, tail_number=None))
            changed = api.patch_flight.sync(made.id, client=client, body=change)
            self.assertEqual((changed.number, changed.status.key, changed.tail_number), (4712, "landed", None))
            self.assertEqual(changed.distance, 2.5)

            query = models.FlightQuery(
                expression="number = ? and status = ?", arguments=[4712, "landed"],
                sort=[models.FlightSortKey.SCHEDULED_DEPARTURE_DESCENDING, models.FlightSortKey.NUMBER],
                include=[models.FlightIncludeItem.AIRLINE])
            (found,) = api.query_flight.sync(client=client, body=query).objects
            self.assertEqual((found.id, found.airline.id), (made.id, page.objects[0].airline_id))
            search = models.FlightSearch(query="4712", total=True)
            self.assertIn(made.id, [each.id for each in api.search_flight.sync(client=client, body=search).objects])

            feed = deployment.oplog_read.sync(client=client, start=int(position))
            self.assertEqual(
                [(each.operation, each.object_.id) for each in feed.entries],
                [(models.FeedEntryOperation.CREATE, made.id), (models.FeedEntryOperation.UPDATE, made.id)])
            self.assertEqual(feed.entries[1].object_["number"], 4712)

            put = models.BatchChangeBody(type_="flight", id=made.id)
            put["number"] = 4713
            batch = deployment.batch_write.sync(
                client=client,
                body=models.Batch(
                    operations=[models.BatchChange(method=models.BatchChangeMethod.PATCH, object_=put)]))
            self.assertTrue(batch.operations[0].success)
            self.assertEqual(api.get_flight.sync(made.id, client=client).number, 4713)

            uploaded = deployment.attachments_create.sync(
                client=client, body=File(payload=io.BytesIO(b"%PDF-1.4\n"), file_name="a.pdf"))
            self.assertIsInstance(uploaded, models.AttachmentId)
            self.assertIn("<data-model", deployment.datamodel_read_xml.sync(client=client))
            self.assertEqual(deployment.info_read.sync(client=client).environment, models.InfoEnvironment.TESTING)

            self.assertEqual(api.delete_flight.sync_detailed(made.id, client=client).status_code, 200)
            refused = api.get_flight.sync(made.id, client=client)
            self.assertIsInstance(refused, models.Error404OBJECTNOTFOUND)
            bad = api.query_flight.sync(client=client, body=models.FlightQuery(expression="nonsense"))
            self.assertIsInstance(bad, models.Error400)
