// assembly/geometry.ts and assembly/arena.ts are compiled as TypeScript too; these are their number types.
type i32 = number;
type f64 = number;
type usize = number;
