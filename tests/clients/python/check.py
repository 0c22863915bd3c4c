"""Calls every service of a real server through Python's own gRPC, generated from the proto.

    python -m venv VENV && VENV/bin/pip install -r tests/clients/python/requirements.txt
    VENV/bin/python tests/clients/python/check.py target/debug/frontdesk

Prints a line a check and at the end "N passed, N failed"; exits 1 when one failed.
"""

import pathlib
import subprocess
import sys
import tempfile
import traceback

HERE = pathlib.Path(__file__).resolve().parent
PROTO = HERE.parents[2] / "proto"
PROTO_GOOGLE = HERE.parents[2] / "proto-google"


def generate(folder):
    """Generates the client code and makes it importable. What the contract names of google.* is
    not generated: it comes from the package that every Python client of these interfaces has."""
    protos = sorted(str(path.relative_to(PROTO)) for path in PROTO.rglob("*.proto"))
    subprocess.run([sys.executable, "-m", "grpc_tools.protoc", f"-I{PROTO}", f"-I{PROTO_GOOGLE}",
                    f"--python_out={folder}", f"--grpc_python_out={folder}", *protos], check=True)
    sys.path.insert(0, folder)


def main():
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    binary = str(pathlib.Path(sys.argv[1]).resolve())
    with tempfile.TemporaryDirectory(prefix="frontdesk-stubs-") as folder:
        generate(folder)
        # These need the generated code. The last of `checks` stops the server.
        import record_checks
        import checks
        from client import ALL, Client
        from server import Server

        server = Server(binary)
        passed, failed = 0, 0
        try:
            client = Client(server, binary)
            for check in ALL:
                try:
                    check(client)
                    passed += 1
                    print(f"ok      {check.__doc__}")
                except Exception:
                    failed += 1
                    print(f"FAILED  {check.__doc__}")
                    traceback.print_exc()
        finally:
            code = server.stop()
        if code != 0:
            failed += 1
            print(f"FAILED  the server ended with code {code}")
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
