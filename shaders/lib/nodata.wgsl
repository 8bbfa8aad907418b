// Nodata inside the engine: one finite value per cell type, never NaN. Twin of src/core/cells.ts.

// −FLT_MAX, as a hexadecimal float so that no parser rounds it.
const NODATA: f32 = -0x1.fffffep+127f;
const NODATA_BITS: u32 = 0xff7fffffu;
const NODATA_CODE: u32 = 0xffffffffu;

// Bits are compared, not values: a driver is free to reason about float comparisons, and not about these.
fn is_nodata(value: f32) -> bool {
  return bitcast<u32>(value) == NODATA_BITS;
}

fn is_nodata_code(code: u32) -> bool {
  return code == NODATA_CODE;
}
