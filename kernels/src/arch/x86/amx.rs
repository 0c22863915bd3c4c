//! Kernels on the tile registers of AMX.
//!
//! Everything that touches a tile register stands in one block of assembly, because nothing else may be trusted
//! to leave these registers alone: by the calling convention any function may change them and their
//! configuration. A block therefore reads the configuration back and loads its own only when another one is there;
//! loading costs about as much as the products of one row of panels, and in a pass nearly every call finds what
//! the one before has left. A signal that comes in between is no danger, as the kernel saves and restores tiles with
//! the other registers. [`release`] gives the registers back at the end of a stage, so that the kernel need not
//! save 8 KB with every switch of threads.
//!
//! The instructions are not in stable Rust's intrinsics; the assembler knows them.

use std::{
    arch::{
        asm,
        x86_64::{__cpuid, __cpuid_count, _xgetbv},
    },
    mem::offset_of,
};

use super::avx512;
use crate::arch::{Kernels, Rows, Storage, TILE_LEN, Tile, checked_groups};

/// Rows of a tile register, and units of four bytes in one of its rows.
const SIDE: usize = 16;
/// Rows of a tile: two registers.
const ROWS: usize = 2 * SIDE;
/// Columns of a tile: two registers.
const COLUMNS: usize = 2 * SIDE;
/// Bytes from one group of a panel to the next: four bytes of each column.
const PANEL_STRIDE: usize = COLUMNS * 4;
/// Bytes of a row that one step takes.
const STEP: usize = SIDE * 4;

const BF16: Tile<f32> =
    Tile { rows: ROWS, columns: COLUMNS, group: 2, storage: Storage::Bf16, run: products_bf16 };
const BYTES: Tile<i32> =
    Tile { rows: ROWS, columns: COLUMNS, group: 4, storage: Storage::U8, run: products_bytes };

/// Products on tile registers, all else on vectors of 512 bits.
pub(super) const KERNELS: Kernels = Kernels { bf16: Some(BF16), int8: BYTES, release, ..avx512::KERNELS };

/// What LDTILECFG reads: the rows of each register, and the bytes of such a row.
///
/// Registers 0 to 3 hold sums (two for the upper rows, two for the lower), 4 and 5 the upper and the lower rows,
/// 6 and 7 the left and the right columns of the panel.
#[repr(C, align(64))]
#[derive(Clone, Copy)]
struct Registers {
    /// 1 is the only one there is; 0 is that of no tiles at all.
    palette: u8,
    start_row: u8,
    reserved: [u8; 14],
    row_bytes: [u16; 8],
    reserved_names: [u16; 8],
    rows: [u8; 8],
    reserved_rows: [u8; 8],
}

impl Registers {
    const NONE: Self = Self {
        palette: 0,
        start_row: 0,
        reserved: [0; 14],
        row_bytes: [0; 8],
        reserved_names: [0; 8],
        rows: [0; 8],
        reserved_rows: [0; 8],
    };

    /// For `count` rows, 1 to [`ROWS`], and steps of `groups` groups of four bytes, 1 to [`SIDE`].
    ///
    /// With at most 16 rows the registers of the lower ones do not exist, and are not used.
    #[expect(clippy::cast_possible_truncation, reason = "at most 64")]
    const fn new(count: usize, groups: usize) -> Self {
        let mut registers = Self { palette: 1, ..Self::NONE };
        let upper = if count < SIDE { count } else { SIDE };
        let lower = count - upper;
        let mut register = 0;
        while register < 8 {
            let (rows, row_bytes) = match register {
                0 | 1 => (upper, STEP),
                2 | 3 => (lower, STEP),
                4 => (upper, 4 * groups),
                5 => (lower, 4 * groups),
                _ => (groups, STEP),
            };
            if rows > 0 {
                registers.rows[register] = rows as u8;
                registers.row_bytes[register] = row_bytes as u16;
            }
            register += 1;
        }
        registers
    }
}

/// The registers of whole steps by the number of rows.
static WHOLE: [Registers; ROWS + 1] = {
    let mut all = [Registers::NONE; ROWS + 1];
    let mut count = 1;
    while count <= ROWS {
        all[count] = Registers::new(count, SIDE);
        count += 1;
    }
    all
};

/// What a block of assembly works on.
#[repr(C)]
struct Product {
    registers: *const Registers,
    /// Takes the configuration that is there.
    found: Registers,
    /// The first row.
    upper: *const u8,
    /// The 17th row; not read where there is none.
    lower: *const u8,
    stride: usize,
    panel: *const u8,
    /// Number of steps of the same size.
    steps: usize,
    sums: *mut u8,
    /// Not 0 when the products are added to the sums.
    adds: usize,
    /// Memory to be asked for, and its cache lines in every step.
    next: *const u8,
    lines: usize,
}

/// Defines a function that multiplies with one instruction.
macro_rules! multiply {
    ($name:ident, $instruction:literal) => {
        /// Multiplies up to 16 rows, or with `LOWER` 17 to 32.
        ///
        /// # Safety
        /// The processor has the instructions and the system lets the process use them. Each register that is
        /// loaded or stored lies, by `registers`, inside what the pointers of `product` point to: rows in every
        /// step of 64 bytes, the panel in every step of 16 groups, sums as rows of [`COLUMNS`].
        unsafe fn $name<const LOWER: bool>(product: &mut Product) {
            // SAFETY: by what the function asks for, all loads and stores are inside the memory of `product`;
            // prefetching faults on no address. Every register that is written is named.
            unsafe {
                asm!(
                    // Another configuration than the one that is asked for is replaced.
                    "mov {a}, [rdi + {REGISTERS}]",
                    "sttilecfg [rdi + {FOUND}]",
                    "vmovdqu64 zmm16, [rdi + {FOUND}]",
                    "vpcmpeqd k1, zmm16, [{a}]",
                    "kortestw k1, k1",
                    "jc 2f",
                    "ldtilecfg [{a}]",
                    "2:",
                    "mov {upper}, [rdi + {UPPER}]",
                    "mov {lower}, [rdi + {LOWER_ROWS}]",
                    "mov {stride}, [rdi + {STRIDE}]",
                    "mov {panel}, [rdi + {PANEL}]",
                    "mov {steps}, [rdi + {STEPS}]",
                    "mov {sums}, [rdi + {SUMS}]",
                    "mov {next}, [rdi + {NEXT}]",
                    "mov {line:e}, {PANEL_STRIDE}",
                    "cmp qword ptr [rdi + {ADDS}], 0",
                    "jne 3f",
                    "tilezero tmm0",
                    "tilezero tmm1",
                    ".if {HAS_LOWER}",
                    "tilezero tmm2",
                    "tilezero tmm3",
                    ".endif",
                    "jmp 4f",
                    "3:",
                    "tileloadd tmm0, [{sums} + {line}]",
                    "tileloadd tmm1, [{sums} + {line} + {STEP}]",
                    ".if {HAS_LOWER}",
                    "tileloadd tmm2, [{sums} + {line} + {LOWER_SUMS}]",
                    "tileloadd tmm3, [{sums} + {line} + {LOWER_SUMS} + {STEP}]",
                    ".endif",
                    "4:",
                    "test {steps}, {steps}",
                    "jz 8f",
                    "5:",
                    "tileloadd tmm6, [{panel} + {line}]",
                    "tileloadd tmm4, [{upper} + {stride}]",
                    concat!($instruction, " tmm0, tmm4, tmm6"),
                    "tileloadd tmm7, [{panel} + {line} + {STEP}]",
                    concat!($instruction, " tmm1, tmm4, tmm7"),
                    ".if {HAS_LOWER}",
                    "tileloadd tmm5, [{lower} + {stride}]",
                    concat!($instruction, " tmm2, tmm5, tmm6"),
                    concat!($instruction, " tmm3, tmm5, tmm7"),
                    "add {lower}, {STEP}",
                    ".endif",
                    "add {upper}, {STEP}",
                    "add {panel}, {PANEL_STEP}",
                    "mov {a}, [rdi + {LINES}]",
                    "test {a}, {a}",
                    "jz 7f",
                    "6:",
                    "prefetcht0 [{next}]",
                    "add {next}, 64",
                    "dec {a}",
                    "jnz 6b",
                    "7:",
                    "dec {steps}",
                    "jnz 5b",
                    "8:",
                    "tilestored [{sums} + {line}], tmm0",
                    "tilestored [{sums} + {line} + {STEP}], tmm1",
                    ".if {HAS_LOWER}",
                    "tilestored [{sums} + {line} + {LOWER_SUMS}], tmm2",
                    "tilestored [{sums} + {line} + {LOWER_SUMS} + {STEP}], tmm3",
                    ".endif",
                    in("rdi") product,
                    a = out(reg) _,
                    upper = out(reg) _,
                    lower = out(reg) _,
                    stride = out(reg) _,
                    panel = out(reg) _,
                    steps = out(reg) _,
                    sums = out(reg) _,
                    next = out(reg) _,
                    line = out(reg) _,
                    HAS_LOWER = const LOWER as usize,
                    REGISTERS = const offset_of!(Product, registers),
                    FOUND = const offset_of!(Product, found),
                    UPPER = const offset_of!(Product, upper),
                    LOWER_ROWS = const offset_of!(Product, lower),
                    STRIDE = const offset_of!(Product, stride),
                    PANEL = const offset_of!(Product, panel),
                    STEPS = const offset_of!(Product, steps),
                    SUMS = const offset_of!(Product, sums),
                    ADDS = const offset_of!(Product, adds),
                    NEXT = const offset_of!(Product, next),
                    LINES = const offset_of!(Product, lines),
                    PANEL_STRIDE = const PANEL_STRIDE,
                    PANEL_STEP = const SIDE * PANEL_STRIDE,
                    STEP = const STEP,
                    LOWER_SUMS = const SIDE * COLUMNS * 4,
                    out("zmm16") _,
                    out("k1") _,
                    out("tmm0") _,
                    out("tmm1") _,
                    out("tmm2") _,
                    out("tmm3") _,
                    out("tmm4") _,
                    out("tmm5") _,
                    out("tmm6") _,
                    out("tmm7") _,
                    options(nostack),
                );
            }
        }
    };
}

multiply!(multiply_bytes, "tdpbusd");
multiply!(multiply_bf16, "tdpbf16ps");

fn products_bytes(rows: &Rows<'_>, panel: &[u8], next: &[u8], sums: &mut [i32; TILE_LEN]) {
    let multiply = if rows.count > SIDE { multiply_bytes::<true> } else { multiply_bytes::<false> };
    // SAFETY: the table with this function is given out only after `enable`.
    unsafe { products(rows, panel, next, sums.as_mut_ptr().cast(), multiply) };
}

fn products_bf16(rows: &Rows<'_>, panel: &[u8], next: &[u8], sums: &mut [f32; TILE_LEN]) {
    let multiply = if rows.count > SIDE { multiply_bf16::<true> } else { multiply_bf16::<false> };
    // SAFETY: as above.
    unsafe { products(rows, panel, next, sums.as_mut_ptr().cast(), multiply) };
}

/// Multiplies in steps of 16 groups, and in one of what is left.
///
/// # Safety
/// `sums` points to [`TILE_LEN`] numbers of four bytes. `multiply` may be called, and is of the rows' number.
unsafe fn products(
    rows: &Rows<'_>,
    panel: &[u8],
    next: &[u8],
    sums: *mut u8,
    multiply: unsafe fn(&mut Product),
) {
    let groups = checked_groups(rows, panel, (ROWS, COLUMNS), (4, 4));
    let (steps, rest) = (groups / SIDE, groups % SIDE);
    let lines = next.len().div_ceil(64).div_ceil(steps.max(1));
    let mut product = Product {
        registers: &raw const WHOLE[rows.count],
        found: Registers::NONE,
        upper: rows.bytes.as_ptr(),
        lower: rows.bytes.as_ptr().wrapping_add(SIDE * rows.stride),
        stride: rows.stride,
        panel: panel.as_ptr(),
        steps,
        sums,
        adds: 0,
        next: next.as_ptr(),
        lines,
    };
    if steps > 0 || rest == 0 {
        // SAFETY: there are as many rows as registers are loaded with, each with 16 groups for every step, as the
        // panel has; the sums of 32 rows of 32 columns fill `sums`.
        unsafe { multiply(&mut product) };
    }
    if rest > 0 {
        let registers = Registers::new(rows.count, rest);
        product = Product {
            registers: &raw const registers,
            upper: product.upper.wrapping_add(steps * STEP),
            lower: product.lower.wrapping_add(steps * STEP),
            panel: product.panel.wrapping_add(steps * SIDE * PANEL_STRIDE),
            steps: 1,
            adds: usize::from(steps > 0),
            lines: 0,
            ..product
        };
        // SAFETY: as above, but for the one step that begins behind the whole ones: its registers are as long as
        // the groups that are left.
        unsafe { multiply(&mut product) };
    }
}

/// Gives the tile registers back.
fn release() {
    // SAFETY: the table with this function is given out only after `enable`. No tile register is in use outside
    // the blocks above.
    unsafe {
        asm!(
            "tilerelease",
            out("tmm0") _,
            out("tmm1") _,
            out("tmm2") _,
            out("tmm3") _,
            out("tmm4") _,
            out("tmm5") _,
            out("tmm6") _,
            out("tmm7") _,
            options(nomem, nostack, preserves_flags),
        );
    }
}

/// Whether the processor has tiles of the size that is used here, and the system lets this process use them, which
/// it has to be asked for; call it where AVX-512 was found.
pub(super) fn enable() -> bool {
    has_tiles() && system_permits()
}

/// What the processor says (Intel 64 and IA-32 Architectures Software Developer's Manual, volume 2, CPUID).
fn has_tiles() -> bool {
    const OSXSAVE: u32 = 1 << 27;
    const AMX: u32 = 1 << 22 | 1 << 24 | 1 << 25;
    const TILE_STATES: u64 = 1 << 17 | 1 << 18;
    const LEAF_TILES: u32 = 0x1d;
    if __cpuid(0).eax < LEAF_TILES || __cpuid(1).ecx & OSXSAVE == 0 {
        return false;
    }
    // SAFETY: the system has switched XSAVE on, and with it XGETBV.
    let states = unsafe { xgetbv() };
    if __cpuid_count(7, 0).edx & AMX != AMX || states & TILE_STATES != TILE_STATES {
        return false;
    }
    let palette = __cpuid_count(LEAF_TILES, 1);
    let (tile_bytes, row_bytes) = (palette.eax >> 16, palette.ebx & 0xffff);
    let (tiles, rows) = (palette.ebx >> 16, palette.ecx & 0xffff);
    (tile_bytes, row_bytes, tiles, rows) == (1024, 64, 8, 16)
}

/// The states of registers that the system saves.
#[target_feature(enable = "xsave")]
fn xgetbv() -> u64 {
    // SAFETY: register 0 is always there.
    unsafe { _xgetbv(0) }
}

/// Asks Linux for the state of tiles; it holds for all threads of the process.
#[cfg(target_os = "linux")]
fn system_permits() -> bool {
    const ARCH_REQ_XCOMP_PERM: libc::c_long = 0x1023;
    const XFEATURE_XTILEDATA: libc::c_long = 18;
    // SAFETY: this call takes two numbers and touches no memory of the process.
    unsafe { libc::syscall(libc::SYS_arch_prctl, ARCH_REQ_XCOMP_PERM, XFEATURE_XTILEDATA) == 0 }
}

/// How other systems are asked is not known here.
#[cfg(not(target_os = "linux"))]
fn system_permits() -> bool {
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn registers_are_as_the_manual_lays_them_out() {
        assert_eq!((size_of::<Registers>(), align_of::<Registers>()), (64, 64));
        assert_eq!(offset_of!(Registers, row_bytes), 16);
        assert_eq!(offset_of!(Registers, rows), 48);
        let registers = Registers::new(23, 5);
        assert_eq!(registers.rows, [16, 16, 7, 7, 16, 7, 5, 5]);
        assert_eq!(registers.row_bytes, [64, 64, 64, 64, 20, 20, 64, 64]);
        let registers = Registers::new(3, SIDE);
        assert_eq!(registers.rows, [3, 3, 0, 0, 3, 0, 16, 16]);
        assert_eq!(registers.row_bytes, [64, 64, 0, 0, 64, 0, 64, 64]);
    }
}
