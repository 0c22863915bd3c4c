"""Shows programs a processor with AVX2 alone; cpuid_mask.c says how.

Neither ONNX Runtime nor most programs have a switch for this. What a mask covers is a copy: the installed
packages stay as they are.
"""

import os
import re
import shutil
import subprocess
from pathlib import Path

HERE = Path(__file__).parent
CPUID, UD2 = b"\x0f\xa2", b"\x0f\x0b"
INSTRUCTION = re.compile(rb"^\s*([0-9a-f]+):\s+cpuid\s*$")
SEGMENT = re.compile(rb"^\s*LOAD off\s+0x([0-9a-f]+) vaddr 0x([0-9a-f]+).*\n\s*filesz 0x([0-9a-f]+)", re.MULTILINE)
# Compiled Python, and what computes elsewhere than on the processor.
NOT_COPIED = ("__pycache__", "*_gpu_plugin.so", "*_npu_plugin.so")
# Also for what asks the processor before any library can be loaded.
WITHOUT_AVX512 = ("AVX512F", "AVX512VL", "AVX512BW", "AVX512DQ", "AVX512CD")


class Mask:
    """A folder with patched copies, the library that answers for them, and the environment that loads it."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.sites = []
        self.library = self.folder / "libcpuid_mask.so"
        compiler = os.environ.get("CC", "cc")
        subprocess.run(
            [compiler, "-O2", "-shared", "-fPIC", str(HERE / "cpuid_mask.c"), "-o", str(self.library)], check=True
        )

    def package(self, source):
        """A patched copy of an installed Python package; `environment` puts it first."""
        copy = self.folder / Path(source).name
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(source, copy, ignore=shutil.ignore_patterns(*NOT_COPIED))
        num_sites = sum(self._patch(file, file.name) for file in copy.rglob("*.so*") if not file.is_symlink())
        if num_sites == 0:
            raise SystemExit(f"{source}: no cpuid found, so nothing can be masked")
        return copy

    def program(self, source):
        """A patched copy of a program."""
        copy = self.folder / Path(source).name
        shutil.copy2(source, copy)
        if self._patch(copy, ".") == 0:
            raise SystemExit(f"{source}: no cpuid found, so nothing can be masked")
        return copy

    def environment(self):
        """What a process needs that is to see the mask."""
        listed = self.folder / "sites"
        listed.write_text("".join(f"{name} {address:x}\n" for name, address in self.sites))
        return {
            "LD_PRELOAD": str(self.library),
            "CPUID_MASK_SITES": str(listed),
            "PYTHONPATH": str(self.folder),
            "GLIBC_TUNABLES": "glibc.cpu.hwcaps=" + ",".join(f"-{name}" for name in WITHOUT_AVX512),
            # OpenVINO's kernels come from oneDNN, whose own switch it is.
            "ONEDNN_MAX_CPU_ISA": "AVX2",
        }

    def _patch(self, file, name):
        """Writes `ud2` over every cpuid that the disassembler finds; gives how many there are."""
        addresses = cpuid_addresses(file)
        if not addresses:
            return 0
        headers = subprocess.run(["objdump", "-p", str(file)], check=True, capture_output=True).stdout
        segments = [tuple(int(part, 16) for part in found) for found in SEGMENT.findall(headers)]
        code = bytearray(file.read_bytes())
        for address in addresses:
            offset = next(off + address - start for off, start, size in segments if 0 <= address - start < size)
            if code[offset : offset + 2] != CPUID:
                raise SystemExit(f"{file}: no cpuid at {address:#x}, where the disassembler shows one")
            code[offset : offset + 2] = UD2
            self.sites.append((name, address))
        file.write_bytes(code)
        return len(addresses)


def cpuid_addresses(file):
    """Where the disassembler shows the instruction; its bytes also occur within others."""
    addresses = []
    # Line by line: the listing of a large library is half a gigabyte.
    with subprocess.Popen(["objdump", "-d", "--no-show-raw-insn", str(file)], stdout=subprocess.PIPE) as listing:
        for line in listing.stdout:
            found = b"cpuid" in line and INSTRUCTION.match(line)
            if found:
                addresses.append(int(found[1], 16))
    if listing.returncode != 0:
        raise SystemExit(f"{file}: objdump failed; install binutils")
    return addresses
