// The fourth migration: drops an index of `legs` that no query of the program uses.
//
// `legs_by_operator` begins with the endpoint too, in the order of the calls' starts.

/** Version 3 to 4. */
export const V4 = 'DROP INDEX legs_by_endpoint;'
