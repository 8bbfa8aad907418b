/** What the process `bundles` takes and gives, in words. */
import type { ProcessDescription } from '../process-list.ts';

export const BUNDLES: ProcessDescription = {
  id: 'bundles',
  title: 'Bundles by a self-organising map',
  about:
    'Cells that are alike in several rasters: a batch self-organising map, or a chain of nodes for each number of bundles',
  equations: [
    'epoch: b(x) = argmin_k |x − w_k|², the lowest k of equal ones;  w_k = Σ_j h_kj T_j / Σ_j h_kj N_j,  h_kj = exp(−d_kj² / 2σ²)',
    'N_j, T_j: number and sum of the rows whose best node is j;  d_kj: distance of nodes on the map;  σ falls from start to end over the epochs',
    'pseudo-F = (B / (k − 1)) / (W / (n − k)), k classes that have cells, B and W the sums of squares between and within them',
    'first turn: the smallest k with F(k) > F(k + 1); maximum: the largest F. Both are told; --choose says which one becomes the raster.',
    'two stages: k-means on the nodes of the map, first centre the node of most cells, each next one the farthest from those there are',
    'Cells without a value in every feature are left out. Bundle k + 1 is that of node (or class) k.',
  ],
  inputs: {
    features: {
      about: 'list: rasters on one grid; of a single raster with several bands all bands',
      unit: 'any',
    },
  },
  params: {
    nodes: { about: 'number of bundles, K or MIN..MAX: a chain of nodes for each', unit: '1', default: '2..30' },
    rows: { about: 'of the map, instead of chains', unit: '1' },
    columns: { about: 'of the map', unit: '1' },
    topology: { about: 'of the map', unit: '', choices: ['hexagonal', 'rectangular'], default: 0 },
    epochs: { about: 'passes over the cells', unit: '1', range: [1, 1e5], default: 20 },
    sigma: {
      about: 'start,end of the width of the neighbourhood, in distances of nodes',
      unit: '1',
      default: 'max(K/4, 0.5),0.25 of a chain; half the longer side,0.5 of a map',
    },
    cooling: { about: 'how the width falls', unit: '', choices: ['linear', 'exponential'], default: 1 },
    init: {
      about: 'first vectors: on the plane of two principal components, or cells by chance',
      unit: '',
      choices: ['pca', 'sample'],
      default: 0,
    },
    seed: { about: 'of init sample', unit: '1', default: 0 },
    scale: { about: 'of the features', unit: '', choices: ['zscore', 'minmax', 'none'], default: 0 },
    two_stage: {
      about: 'classes of the nodes of the map, K or MIN..MAX (those of --nodes when it only says yes)',
      unit: '1',
      default: 'no',
    },
    choose: {
      about: 'which number of bundles of several',
      unit: '',
      choices: ['first_turn', 'maximum'],
      default: 0,
    },
    names: { about: 'of the features, separated by commas', unit: '', default: 'those of the files' },
  },
  outputs: {
    bundle: { about: 'bundle of each cell', unit: '1' },
    distance: { about: 'distance of the cell to its node, in scaled features', unit: '1', range: [0, Infinity] },
    codebook: {
      about: 'table: nodes, their place, cells, U-matrix, and vectors scaled and in units of the features',
      unit: '',
    },
    quality: { about: 'table: pseudo-F, errors and empty nodes of each number of bundles', unit: '' },
    profile: { about: 'table: cells, share, area and means of the features of each bundle', unit: '' },
    priorities: {
      about:
        'table: for each bundle the features by their mean, the largest first; of classes of risk the lowest, which is the highest risk',
      unit: '',
    },
  },
  sources: ['statistics.md section 2', 'Kohonen 2013 (batch map)', 'source 001 (bundles of risk)'],
};
