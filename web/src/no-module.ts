/** Stands for Node's `module` in the bundle: a package mentions it in a branch that browsers never take. */
export {};
