//! Which pieces of words stand in a message, hashed, beside the sentence vector.
//!
//! The definition is `models/training/heads.py`; `parity.json` of the model tests that both agree.

/// The distinct buckets, of `num_buckets`, of the embedding rows that a message uses; rising.
pub fn buckets(rows: &[u32], num_buckets: usize) -> Vec<u32> {
    let bucket = |row: &u32| (fnv1a(&row.to_le_bytes()) % num_buckets.max(1) as u64) as u32;
    let mut buckets: Vec<u32> = rows.iter().map(bucket).collect();
    buckets.sort_unstable();
    buckets.dedup();
    buckets
}

/// FNV-1a, 64 bits.
fn fnv1a(bytes: &[u8]) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325;
    for &byte in bytes {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    hash
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fnv_is_the_published_function() {
        // Test vector of the FNV reference.
        assert_eq!(fnv1a(b"foobar"), 0x8594_4171_f739_67e8);
    }

    #[test]
    fn buckets_are_distinct_and_rise() {
        let buckets = buckets(&[7, 9, 7, 1, 9], 1 << 14);
        assert_eq!(buckets.len(), 3);
        assert!(buckets.windows(2).all(|pair| pair[0] < pair[1]));
    }
}
