/**
 * What of the host budget is for what. The rest of it, an eighth at least, is for blocks on their way to and from files, and for memory that
 * nobody uses any more and the allocator still holds.
 */

/** Fields kept between passes. */
export const STORE_SHARE = 0.375;

/** What a global operator keeps of its tiles and what its visits have under way: visits of stages have none meanwhile. */
export const OPERATOR_SHARE = 0.375;
