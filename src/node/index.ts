/** What `ecoflux/node` adds to `ecoflux`: files, worker threads, Dawn, and project files run from disk. */
export { dawnProvider } from './dawn.ts';
export { fileSource, fileTarget } from './files.ts';
export { type NodePlatformOptions, nodePlatform, version } from './platform.ts';
export { threadPool } from './worker-pool.ts';
