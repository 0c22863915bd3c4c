//! Kernels for 64-bit x86.

/// Defines a tile function: `$name` checks its slices and calls `$inner` with the number of rows as a constant.
///
/// One step takes `$row_bytes` bytes of every row, as one number in all lanes (`$splat`), and two vectors of the
/// panel (`$panel_bytes` bytes each, `$load`), and adds their products (`$multiply`) to the sums.
macro_rules! tile {
    (
        $features:literal, $name:ident, $inner:ident, $sum:ty, $zero:expr, $store:ident,
        $row_bytes:literal, $splat:expr, $panel_bytes:literal, $load:expr, $multiply:expr
    ) => {
        fn $name(rows: &Rows<'_>, panel: &[u8], next: &[u8], sums: &mut [$sum; TILE_LEN]) {
            let groups =
                checked_groups(rows, panel, (ROWS, COLUMNS), ($row_bytes, 2 * $panel_bytes / COLUMNS));
            let rows_at = (rows.bytes.as_ptr(), rows.stride);
            // With nothing to come, what is there already is asked for, at no cost.
            let ahead = if next.is_empty() { panel } else { next };
            let ahead = (ahead.as_ptr(), next.len() / groups.max(1));
            macro_rules! call {
                                ($count:literal) => {
                                    // SAFETY: the processor has the instructions, as the table with this function is given out
                                    // only then. `checked_groups` saw `groups` groups in the panel and in each of the
                                    // `rows.count` rows, which is `$count`; `sums` holds more than ROWS * COLUMNS numbers.
                                    unsafe { $inner::<$count>(rows_at, panel.as_ptr(), ahead, groups, sums) }
                                };
                            }
            const { assert!(ROWS == 6 || ROWS == 12, "every count has a function") };
            match rows.count {
                1 => call!(1),
                2 => call!(2),
                3 => call!(3),
                4 => call!(4),
                5 => call!(5),
                6 => call!(6),
                count if ROWS == 12 => match count {
                    7 => call!(7),
                    8 => call!(8),
                    9 => call!(9),
                    10 => call!(10),
                    11 => call!(11),
                    _ => call!(12),
                },
                _ => {}
            }
        }

        /// # Safety
        /// The processor has the instructions; `rows` points to `COUNT` rows at a distance of `stride` bytes,
        /// each of `groups` groups, and `panel` to as many groups of all columns.
        #[target_feature(enable = $features)]
        unsafe fn $inner<const COUNT: usize>(
            (rows, stride): (*const u8, usize),
            panel: *const u8,
            (next, step): (*const u8, usize),
            groups: usize,
            sums: &mut [$sum; TILE_LEN],
        ) {
            let mut totals = [[$zero; 2]; COUNT];
            for group in 0..groups {
                // SAFETY: `group < groups`, so both vectors are inside the panel.
                let weights = unsafe {
                    let at = panel.add(group * 2 * $panel_bytes);
                    [$load(at.cast()), $load(at.add($panel_bytes).cast())]
                };
                let at = next.wrapping_add(group * step);
                _mm_prefetch::<_MM_HINT_T0>(at.cast());
                _mm_prefetch::<_MM_HINT_T0>(at.wrapping_add(64).cast());
                for (row, totals) in totals.iter_mut().enumerate() {
                    // SAFETY: `row < COUNT` and `group < groups`, so the number is inside its row.
                    let number = unsafe { $splat(rows.add(row * stride + group * $row_bytes).cast()) };
                    totals[0] = $multiply(totals[0], number, weights[0]);
                    totals[1] = $multiply(totals[1], number, weights[1]);
                }
            }
            for (sums, totals) in sums.chunks_exact_mut(COLUMNS).zip(totals) {
                // SAFETY: `sums` is a chunk of COLUMNS numbers, two vectors.
                unsafe {
                    $store(sums.as_mut_ptr().cast(), totals[0]);
                    $store(sums.as_mut_ptr().add(COLUMNS / 2).cast(), totals[1]);
                }
            }
        }
    };
}

mod amx;
mod avx2;
mod avx512;

use std::sync::LazyLock;

use super::Kernels;
use crate::Isa;

/// The sets of instructions that this processor has.
static AVAILABLE: LazyLock<Vec<Isa>> = LazyLock::new(|| {
    let avx2 = is_x86_feature_detected!("avx2")
        && is_x86_feature_detected!("fma")
        && is_x86_feature_detected!("f16c");
    let avx512 = avx2
        && is_x86_feature_detected!("avx512f")
        && is_x86_feature_detected!("avx512bw")
        && is_x86_feature_detected!("avx512dq")
        && is_x86_feature_detected!("avx512vl");
    let vnni = avx512 && is_x86_feature_detected!("avx512vnni");
    let bf16 = vnni && is_x86_feature_detected!("avx512bf16");
    let sets = [
        (Isa::Avx2, avx2),
        (Isa::AvxVnni, avx2 && is_x86_feature_detected!("avxvnni")),
        (Isa::Avx512, avx512),
        (Isa::Avx512Vnni, vnni),
        (Isa::Avx512Bf16, bf16),
        (Isa::Amx, bf16 && amx::enable()),
    ];
    sets.into_iter().filter(|(_, has)| *has).map(|(isa, _)| isa).collect()
});

/// The kernels of a set of instructions; `None` when this processor does not have it.
pub(super) fn kernels(isa: Isa) -> Option<&'static Kernels> {
    if !AVAILABLE.contains(&isa) {
        return None;
    }
    match isa {
        Isa::Avx2 => Some(&avx2::KERNELS),
        Isa::AvxVnni => Some(&avx2::KERNELS_VNNI),
        Isa::Avx512 => Some(&avx512::KERNELS),
        Isa::Avx512Vnni => Some(&avx512::KERNELS_VNNI),
        Isa::Avx512Bf16 => Some(&avx512::KERNELS_BF16),
        Isa::Amx => Some(&amx::KERNELS),
        _ => None,
    }
}
