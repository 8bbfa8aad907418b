/**
 * Tables of the sample region. Carbon, habitat, sensitivity, USLE factors, threats: source 002 as in the supply-demand text; Kc, root
 * depth and vegetation: this project's defaults; nutrient and urban-cooling columns, irrigation, naturalness: values usual for such classes.
 */
import { BUILT_UP, CROPLAND, FOREST, GRASSLAND, UNUSED, WATER } from './cover.ts';

export const CLASS_NAMES: Readonly<Record<number, string>> = {
  [CROPLAND]: 'cropland',
  [FOREST]: 'forest',
  [GRASSLAND]: 'grassland',
  [WATER]: 'water',
  [BUILT_UP]: 'built-up',
  [UNUSED]: 'unused',
};

/** Red, green, blue: quiet for the wide classes, strong for the narrow ones, apart also for colour-blind readers. */
export const CLASS_PALETTE: Readonly<Record<number, readonly [number, number, number]>> = {
  [CROPLAND]: [242, 222, 160],
  [FOREST]: [62, 122, 76],
  [GRASSLAND]: [165, 200, 112],
  [WATER]: [74, 134, 190],
  [BUILT_UP]: [200, 64, 56],
  [UNUSED]: [168, 156, 148],
};

// Loads in kg/(ha yr), retention lengths in m, root depths in mm, irrigation in m3/(ha yr); the rest are shares or factors.
const BIOPHYSICAL = `lucode,name,kc,root_depth,lulc_veg,usle_c,usle_p,load_type_n,load_n,eff_n,crit_len_n,proportion_subsurface_n,load_type_p,load_p,eff_p,crit_len_p,shade,albedo,green_area,building_intensity,cropland,developed,naturalness,irrigation
1,cropland,0.65,2000,1,0.07,0.29,measured-runoff,46,0.25,150,0.3,measured-runoff,4.2,0.25,150,0.1,0.2,0,0,1,0.2,0.4,3600
2,forest,1.0,5000,1,0.04,1,measured-runoff,2.8,0.8,300,0.1,measured-runoff,0.12,0.8,300,0.9,0.14,1,0,0,0,1,0
3,grassland,0.65,2300,1,0.03,1,measured-runoff,6.5,0.5,150,0.2,measured-runoff,0.5,0.5,150,0.2,0.2,1,0,0,0,0.8,0
4,water,1.0,1,0,0,0,measured-runoff,1.5,0.05,15,0,measured-runoff,0.05,0.05,15,0,0.07,1,0,0,0,0.9,0
5,built-up,0.3,1,0,0,0,measured-runoff,11,0.05,15,0.05,measured-runoff,1.6,0.05,15,0.12,0.16,0,0.55,0,1,0.1,0
6,unused,0.5,300,0,1,1,measured-runoff,4,0.1,50,0.1,measured-runoff,0.4,0.1,50,0.02,0.26,0,0.02,0,0,0.5,0
`;

// t/ha
const CARBON = `lucode,name,c_above,c_below,c_soil,c_dead
1,cropland,5.44,2.57,123.83,1.24
2,forest,37.36,15.60,300.70,3.05
3,grassland,8.58,7.24,205.22,0.36
4,water,0.93,0.66,82.20,1.23
5,built-up,3.29,2.11,78.20,0
6,unused,0.75,0.98,56.50,0
`;

// max_dist in m
const THREATS = `threat,max_dist,weight,decay,classes
cropland,500,0.5,linear,1
built_up,10000,1,exponential,5
unused,1000,0.5,linear,6
`;

const SENSITIVITY = `lucode,name,habitat,cropland,built_up,unused
1,cropland,0.3,0,0.8,0.4
2,forest,1.0,0.6,0.4,0.2
3,grassland,1.0,0.8,0.6,0.6
4,water,0.7,0.5,0.4,0.2
5,built-up,0,0,0,0.1
6,unused,0.6,0.6,0.4,0
`;

export const TABLES: Readonly<Record<string, string>> = {
  'biophysical.csv': BIOPHYSICAL,
  'carbon.csv': CARBON,
  'threats.csv': THREATS,
  'sensitivity.csv': SENSITIVITY,
};
