"""Traces in compressed files and in archives: every command, and every kind of damage."""

import gzip
import io
import json
import os
import random
import subprocess
import tarfile

import corpus
import documents
from program import SANITIZED, ProgramTest

NAMES = ("edge/procs-23", "edge/procs-27", "chat/coro-23", "edge/sys-19", "shop/web-26")


def zstd(content, *options):
    return subprocess.run(["zstd", "-q", "-c", *options], input=content, stdout=subprocess.PIPE, check=True).stdout


def tar(members, format=tarfile.GNU_FORMAT):
    """An archive of (name, content)."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=format) as archive:
        for name, content in members:
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return out.getvalue()


class Compressed(ProgramTest):
    def setUp(self):
        super().setUp()
        self.traces = [corpus.trace(name) for name in NAMES]
        self.temporary = self.folder / "temporary"
        self.temporary.mkdir()

    def write(self, name, content):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return path

    def members(self):
        return [(trace.name, trace.bytes) for trace in self.traces]

    def run_in(self, *arguments, **more):
        """Whatever happens, no temporary file is left."""
        outcome = self.run_program(*arguments, env={"TMPDIR": str(self.temporary)}, **more)
        self.assertEqual(self.names_in(self.temporary), [])
        return outcome

    def scan(self, *paths, status=0, options=(), stdin=b""):
        arguments = ("scan", *paths, "--report", "sched,tasks,goroutines", "--format", "json", *options)
        return self.run_in(*arguments, status=status, stdin=stdin)

    def plain(self):
        """The traces as files in a folder."""
        for name, content in self.members():
            self.write("plain/" + name, content)
        return "plain"

    def stores(self):
        """The same traces stored in every way: what stands in the place of "plain/" of their paths, the
        path to give, and what stands behind the name."""
        archive = tar(self.members())
        self.write("a.tar", archive)
        self.write("a.tar.gz", gzip.compress(archive, 1))
        self.write("a.tar.zst", zstd(archive, "-1"))
        self.write("wrong.suffix", zstd(tar(self.members(), tarfile.PAX_FORMAT), "-1"))
        nested = [(f"./{name}.gz", gzip.compress(content, 1)) for name, content in self.members()]
        self.write("nested.tar.zst", zstd(tar(nested), "-1"))
        for name, content in self.members():
            half = len(content) // 2
            self.write(f"gz/{name}.gz", gzip.compress(content[:half], 1) + gzip.compress(content[half:], 1))
            self.write(f"zst/{name}.zst", zstd(content[:half], "-1") + zstd(content[half:], "-1"))
        for name in ("a.tar", "a.tar.gz", "a.tar.zst", "wrong.suffix"):
            yield f"{name}!/", name, ""
        yield "nested.tar.zst!/", "nested.tar.zst", ".gz"
        yield "gz/", "gz", ".gz"
        yield "zst/", "zst", ".zst"

    def as_plain(self, text, prefix, suffix):
        text = text.replace(prefix.encode(), b"plain/")
        return text.replace(b".trace" + suffix.encode(), b".trace")

    def test_scans_are_equal_to_the_byte(self):
        expected = self.scan(self.plain())
        for prefix, path, suffix in self.stores():
            with self.subTest(path=path):
                for threads in ("1", "3"):
                    found = self.scan(path, options=("--threads", threads))
                    self.assertEqual(self.as_plain(found.out, prefix, suffix), expected.out)
                    self.assertEqual(found.problems, [])

    def test_standard_input(self):
        expected = self.scan(self.plain())
        archive = tar(self.members())
        for stdin in (archive, zstd(archive, "-1"), gzip.compress(archive, 1)):
            found = self.scan("-", stdin=stdin)
            self.assertEqual(found.out.replace(b'"-!/', b'"plain/'), expected.out)
        one = self.traces[0].bytes
        self.assertEqual(self.scan("-", stdin=zstd(one)).out, self.scan("-", stdin=one).out)

    def test_other_commands(self):
        for name in ("edge/procs-27", "edge/sys-19"):
            trace = corpus.trace(name)
            self.write("t.trace", trace.bytes)
            self.write("t.trace.gz", gzip.compress(trace.bytes, 1))
            self.write("d.tar.zst", zstd(tar([("x/t.trace", trace.bytes)])))
            self.write("d.tar", tar([("x/t.trace", trace.bytes), ("z", self.traces[2].bytes)]))
            for stored in ("t.trace.gz", "d.tar.zst", "d.tar.zst!/x/t.trace", "d.tar!/x/t.trace"):
                with self.subTest(trace=name, stored=stored):
                    self.check_other_commands(stored, trace.is_legacy)

    def check_other_commands(self, stored, is_legacy):
        def both(*arguments):
            plain = self.run_in(arguments[0], "t.trace", *arguments[1:])
            found = self.run_in(arguments[0], stored, *arguments[1:])
            for path in ("t.trace.gz", "d.tar.zst!/x/t.trace", "d.tar!/x/t.trace"):
                found.out = found.out.replace(f'"{path}"'.encode(), b'"t.trace"')
            self.assertEqual(found.out, plain.out, arguments)

        both("dump", "--parsed")
        both("info", "--format", "json")
        both("verify", "--all", "--format", "json")
        both("find", "--longest", "runnable", "--format", "json")
        self.run_in("repair", "t.trace", "-o", "plain-repaired")
        self.run_in("repair", stored, "-o", "repaired")
        self.assertEqual(
            (self.folder / "repaired/t.1.trace").read_bytes() if "!" in stored or ".gz" in stored
            else (self.folder / "repaired/d.tar.1.trace").read_bytes(),
            (self.folder / "plain-repaired/t.1.trace").read_bytes(),
        )
        if is_legacy:
            return
        both("dump", "--wire")
        both("slice", "--generations", "1-", "-q")

    def test_archive_of_many_needs_a_name(self):
        self.write("a.tar", tar(self.members()))
        outcome = self.run_in("dump", "a.tar", "--parsed", status=2)
        self.assertEqual(len(outcome.problems), 1)
        self.assertIn("name one of them, such as a.tar!/", outcome.problems[0])
        outcome = self.run_in("dump", "a.tar!/none", "--parsed", status=2)
        self.assertIn("no such trace in the archive: none", outcome.problems[0])

    def test_layout_is_that_of_the_member(self):
        for prefix, path, _ in self.stores():
            found = documents.load(self.scan(path).out)
            self.assertEqual(found["corpus"].facts["services"], len({trace.service for trace in self.traces}))
            self.assertEqual(found["corpus"].facts["first_captured"][:4], "2026", prefix)

    def test_duplicates_and_partials(self):
        self.plain()
        self.write("a.tar.zst", zstd(tar(self.members()), "-1"))
        self.write("b.trace.gz", gzip.compress(self.traces[0].bytes, 1))
        found = documents.load(self.scan("a.tar.zst", "b.trace.gz", "plain").out)
        self.assertEqual(found["corpus"].facts["traces"], len(NAMES))
        self.assertEqual(found["corpus"].facts["duplicates"], len(NAMES) + 1)
        for path in ("a.tar.zst", "b.trace.gz", "plain"):
            self.run_in("scan", path, "--report", "sched", "--format", "partial", "-o", f"{path}.part")
        merged = self.run_in(
            "merge", *(f"{path}.part" for path in ("plain", "b.trace.gz", "a.tar.zst")), "--format", "json"
        )
        self.assertEqual(documents.load(merged.out)["corpus"].facts["traces"], len(NAMES))

    def test_cut_files_give_their_whole_generations(self):
        trace = corpus.trace("shop/web-26")
        for suffix, whole in (("gz", gzip.compress(trace.bytes, 1)), ("zst", zstd(trace.bytes, "-1"))):
            for length in (len(whole) * 3 // 4, len(whole) - 1):
                with self.subTest(suffix=suffix, length=length):
                    path = self.write(f"cut.{suffix}", whole[:length])
                    outcome = self.scan(path, status=1)
                    facts = documents.load(outcome.out)["corpus"].facts
                    self.assertGreater(facts["generations"], 0)
                    self.assertEqual(facts["damaged_traces"], 1)
                    self.assertEqual(len(outcome.problems), 1)
                    self.assertRegex(outcome.problems[0], rf"compressed byte {length}: \w+: cut off")
                    for command in (("verify",), ("info",), ("repair", "-o", "r"), ("dump", "--parsed")):
                        said = self.run_in(command[0], path, *command[1:], status=1)
                        self.assertIn(f"compressed byte {length}: ", (said.err + said.out).decode())

    def test_wrong_checksum_is_damage(self):
        content = bytearray(gzip.compress(self.traces[0].bytes))
        content[-6] ^= 1
        outcome = self.scan(self.write("bad.gz", content), status=1)
        self.assertIn("incorrect data check", outcome.problems[0])
        self.assertEqual(documents.load(outcome.out)["corpus"].facts["damaged_traces"], 1)

    def test_the_rest_of_a_damaged_archive_counts(self):
        members = self.members()
        archive = bytearray(tar(members))
        archive[10] ^= 1  # the first header
        for content in (archive, zstd(archive)):
            outcome = self.scan(self.write("bad.tar", content), status=1)
            self.assertEqual(documents.load(outcome.out)["corpus"].facts["traces"], len(members) - 1)
            self.assertEqual(len(outcome.problems), 1)
            self.assertIn("archive byte 0: tar: not a header", outcome.problems[0])
        members[1] = (members[1][0] + ".gz", gzip.compress(members[1][1])[:-3000])
        outcome = self.scan(self.write("bad.tar", tar(members)), status=1)
        self.assertEqual(documents.load(outcome.out)["corpus"].facts["traces"], len(members))
        self.assertEqual(len(outcome.problems), 1)

    def test_cut_archives(self):
        """Whole members count, wherever an archive is cut."""
        archive = tar([(trace.name, trace.bytes) for trace in self.traces[:3]])
        chance = random.Random(5)
        for compress in (bytes, lambda content: gzip.compress(content, 1), lambda content: zstd(content, "-1")):
            content = compress(archive)
            for _ in range(2 if SANITIZED else 6):
                length = chance.randrange(600, len(content))
                with self.subTest(length=length):
                    path = self.write("cut.tar", content[:length])
                    good = self.traces[3].path
                    outcome = self.scan(path, good, status=1)
                    self.assertGreaterEqual(len(outcome.problems), 1)
                    self.assertIn("cut off", outcome.problems[0])

    def test_bombs_are_stopped(self):
        good = self.traces[0]
        zeros = bytes(64 << 20)
        head = good.bytes
        bombs = {
            "z.gz": gzip.compress(head + zeros, 1),
            "z.zst": zstd(head + zeros),
            "z.tar.zst": zstd(tar([("a.trace", head), ("b", zeros)])),
        }
        for name, content in bombs.items():
            with self.subTest(name=name):
                path = self.write(f"b/{name}", content)
                self.addCleanup(path.unlink, missing_ok=True)
                outcome = self.scan("b", good.path, status=1, options=("--max-ratio", "20"))
                self.assertEqual(len(outcome.problems), 1, outcome.problems)
                self.assertIn("more than 20 times as many bytes come out", outcome.problems[0])
                outcome = self.scan("b", good.path, status=1, options=("--max-expanded", "30M", "--max-ratio", "1000000"))
                self.assertIn("more than the 31457280 bytes that are allowed", outcome.problems[0])
                self.assertGreaterEqual(documents.load(outcome.out)["corpus"].facts["traces"], 1)
                os.remove(self.folder / "b" / name)

    def test_names_in_archives_touch_nothing(self):
        trace = self.traces[0].bytes
        secret = self.write("secret", b"x")
        names = ("../escape.trace", "/etc/passwd.trace", "esc\x1b[31m.trace", "a/../../b.trace")
        out = io.BytesIO()
        with tarfile.open(fileobj=out, mode="w") as archive:
            for kind in (tarfile.SYMTYPE, tarfile.LNKTYPE):
                link = tarfile.TarInfo("link.trace")
                link.type, link.linkname = kind, str(self.traces[1].path)
                archive.addfile(link)
            for number, name in enumerate(names):
                info = tarfile.TarInfo(name)
                content = trace[:-1 - number]
                info.size = len(content)
                archive.addfile(info, io.BytesIO(content))
        self.write("h.tar", out.getvalue())
        before = sorted(self.folder.rglob("*"))
        outcome = self.scan("h.tar", status=1)
        self.assertEqual(documents.load(outcome.out)["corpus"].facts["traces"], len(names))
        self.assertEqual(sorted(self.folder.rglob("*")), before)
        self.assertEqual(secret.read_bytes(), b"x")

    def test_what_holds_no_trace(self):
        self.write("f/empty.tar.gz", gzip.compress(tar([])))
        self.write("f/text.gz", gzip.compress(b"hello"))
        self.write("f/twice.gz", gzip.compress(gzip.compress(self.traces[0].bytes)))
        self.write("f/no.tar", tar([("readme", b"hello")]))
        outcome = self.scan("f", status=2)
        self.assertIn("passed over: 4", outcome.problems[-1])
        for name, word in (
            ("f/empty.tar.gz", "neither a Go execution trace nor an archive"),
            ("f/text.gz", "neither a Go execution trace nor an archive"),
            ("f/twice.gz", "compressed twice"),
            ("f/no.tar", "an archive without Go execution traces"),
        ):
            self.assertIn(word, self.scan(name, status=2).problems[0])
        self.assertIn("xz", self.scan(self.write("t.xz", b"\xfd7zXZ\0" + bytes(100)), status=2).problems[0])

    def test_no_room_for_temporary_files(self):
        path = self.write("t.gz", gzip.compress(self.traces[0].bytes))
        outcome = self.run_program(
            "scan", path, "--report", "sched", status=2, env={"TMPDIR": "/no/such/folder"}
        )
        self.assertIn("cannot make a temporary file /no/such/folder/", outcome.problems[0])

    def test_memory_is_bounded(self):
        if SANITIZED:
            return
        path = self.write("wide.zst", zstd(self.traces[0].bytes, "--long=27"))
        self.scan(path)
        content = self.traces[0].bytes
        stream = subprocess.run(
            ["zstd", "-q", "-c", "--long=27"], input=content, stdout=subprocess.PIPE, check=True
        ).stdout
        outcome = self.scan("-", self.traces[1].path, stdin=stream, status=1, options=("--memory", "64M"))
        self.assertEqual(len(outcome.problems), 1)
        self.assertIn("a frame wants a window above the 8 MiB that are allowed", outcome.problems[0])
        self.assertEqual(
            json.loads(self.run_in("verify", path, "--threads", "1", "--memory", "1G", "--format", "json").out)[
                "reports"][0]["facts"]["whole"]["value"],
            1,
        )
