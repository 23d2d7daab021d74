//! A second implementation of what a seed is expanded with, written from the
//! papers and not from the crate under test: ChaCha (Bernstein 2008) with 8
//! rounds, a 64-bit block counter and a 64-bit stream number, keyed by PCG32
//! (O'Neill 2014) as rand's documentation of `seed_from_u64` has it.

/// The u64 at `index`, counted from 0, of `stream` under `seed`.
pub(crate) fn word(seed: u64, stream: u64, index: u64) -> u64 {
    let block = block(key(seed), index / 8, stream);
    let low = 2 * (index % 8) as usize;
    u64::from(block[low]) | u64::from(block[low + 1]) << 32
}

fn key(seed: u64) -> [u32; 8] {
    let mut state = seed;
    [(); 8].map(|()| {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(11_634_580_027_462_260_723);
        let mixed = (((state >> 18) ^ state) >> 27) as u32;
        mixed.rotate_right((state >> 59) as u32)
    })
}

fn block(key: [u32; 8], counter: u64, stream: u64) -> [u32; 16] {
    let mut start = [0; 16];
    start[..4].copy_from_slice(&[0x6170_7865, 0x3320_646e, 0x7962_2d32, 0x6b20_6574]);
    start[4..12].copy_from_slice(&key);
    start[12..].copy_from_slice(&[halves(counter), halves(stream)].concat());
    let mut block = start;
    for _ in 0..4 {
        double_round(&mut block);
    }
    std::array::from_fn(|i| block[i].wrapping_add(start[i]))
}

fn halves(word: u64) -> [u32; 2] {
    [word as u32, (word >> 32) as u32]
}

/// A round down the columns and one along the diagonals.
fn double_round(block: &mut [u32; 16]) {
    for shift in [0, 1] {
        for column in 0..4 {
            let [a, b, c, d] = [0, 1, 2, 3].map(|row| 4 * row + (column + shift * row) % 4);
            quarter_round(block, a, b, c, d);
        }
    }
}

fn quarter_round(block: &mut [u32; 16], a: usize, b: usize, c: usize, d: usize) {
    for (x, y, z, bits) in [(a, b, d, 16), (c, d, b, 12), (a, b, d, 8), (c, d, b, 7)] {
        block[x] = block[x].wrapping_add(block[y]);
        block[z] = (block[z] ^ block[x]).rotate_left(bits);
    }
}

/// The published vector for the 256-bit key and the nonce of zeros (Strombergson,
/// Test Vectors for the Stream Cipher ChaCha, TC1).
#[test]
fn the_second_implementation_gives_the_published_vector() {
    let bytes: Vec<u8> = block([0; 8], 0, 0).iter().flat_map(|word| word.to_le_bytes()).collect();
    assert_eq!(bytes[..16], 0x3e00_ef2f_895f_40d6_7f5b_b8e8_1f09_a5a1_u128.to_be_bytes());
}
