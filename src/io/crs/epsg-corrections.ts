/**
 * Codes that the table of geotiff-geokeys-to-proj4 has otherwise than the EPSG: found by comparing places of each code's area of use with
 * those that PROJ 9.1 gives, and held here as the EPSG has them.
 */
export const CORRECTIONS: Readonly<Record<number, string>> = {
  2085: '+proj=lcc +lat_0=22.35 +lon_0=-81 +lat_1=23 +lat_2=21.7 +x_0=500000 +y_0=280296.016 +ellps=clrk66',
  2155: '+proj=lcc +lat_1=-14.2666666666667 +lat_0=-14.2666666666667 +lon_0=-170 +k_0=1 +x_0=152400.30480061 +ellps=clrk66 +to_meter=0.3048006096012192',
  2156: '+proj=utm +zone=2 +south +ellps=GRS80',
  2163: '+proj=laea +lat_0=45 +lon_0=-100 +ellps=clrk66',
  2171: '+proj=sterea +lat_0=50.625 +lon_0=21.0833333333333 +k=0.9998 +x_0=4637000 +y_0=5467000 +ellps=krass',
  2192: '+proj=lcc +lat_0=46.5 +lon_0=3 +lat_1=49 +lat_2=44 +x_0=700000 +y_0=6600000 +ellps=GRS80',
  2194: '+proj=lcc +lat_1=-14.2666666666667 +lat_0=-14.2666666666667 +lon_0=-170 +k_0=1 +x_0=152400.30480061 +y_0=95169.3116586233 +ellps=clrk66 +towgs84=-115,118,426,0,0,0,0 +to_meter=0.3048006096012192',
  2244: '+proj=tmerc +lat_0=37.5 +lon_0=-85.6666666666667 +k=0.999966667 +x_0=99999.9998983998 +y_0=249999.9998984 +ellps=GRS80 +to_meter=0.3048006096012192',
  2245: '+proj=tmerc +lat_0=37.5 +lon_0=-87.0833333333333 +k=0.999966667 +x_0=900000 +y_0=249999.9998984 +ellps=GRS80 +to_meter=0.3048006096012192',
  2291: '+proj=sterea +lat_0=47.25 +lon_0=-63 +k=0.999912 +x_0=400000 +y_0=800000 +ellps=GRS80',
  2577: '+proj=tmerc +lat_0=0 +lon_0=180 +k=1 +x_0=60500000 +ellps=krass',
  2694: '+proj=tmerc +lat_0=0 +lon_0=180 +k=1 +x_0=60500000 +ellps=krass +towgs84=24.47,-130.89,-81.56,0,0,0.13,-0.22',
  2889: '+proj=tmerc +lat_0=37.5 +lon_0=-85.6666666666667 +k=0.999966667 +x_0=99999.9998983998 +y_0=249999.9998984 +ellps=GRS80 +to_meter=0.3048006096012192',
  2890: '+proj=tmerc +lat_0=37.5 +lon_0=-87.0833333333333 +k=0.999966667 +x_0=900000 +y_0=249999.9998984 +ellps=GRS80 +to_meter=0.3048006096012192',
  2934: '+proj=merc +lon_0=110 +k=0.997 +x_0=3900000 +y_0=900000 +ellps=bessel +towgs84=-403,684,41,0,0,0,0',
  2983: '+proj=utm +zone=58 +south +ellps=WGS84 +towgs84=-56.263,16.136,-22.856,0,0,0,0',
  2984: '+proj=lcc +lat_0=-21.5 +lon_0=166 +lat_1=-20.6666666666667 +lat_2=-22.3333333333333 +x_0=400000 +y_0=300000 +ellps=GRS80',
  2990: '+proj=tmerc +lat_0=-21.1166666666667 +lon_0=55.5333333333333 +k=1 +x_0=160000 +y_0=50000 +ellps=intl +towgs84=94,-948,-1262,0,0,0,0',
  3073: '+proj=tmerc +lat_0=43.5 +lon_0=-69.125 +k=0.99998 +x_0=500000 +ellps=GRS80',
  3076: '+proj=tmerc +lat_0=43.5 +lon_0=-69.125 +k=0.99998 +x_0=500000 +ellps=GRS80',
  3078: '+proj=omerc +no_uoff +lat_0=45.3091666666667 +lonc=-86 +alpha=337.25556 +gamma=337.25556 +k=0.9996 +x_0=2546731.496 +y_0=-4354009.816 +ellps=GRS80',
  3079: '+proj=omerc +no_uoff +lat_0=45.3091666666667 +lonc=-86 +alpha=337.25556 +gamma=337.25556 +k=0.9996 +x_0=2546731.496 +y_0=-4354009.816 +ellps=GRS80',
  3167: '+proj=omerc +no_uoff +lat_0=4 +lonc=102.25 +alpha=323.0257905 +gamma=323.130102361111 +k=0.99984 +x_0=804670.24 +ellps=evrst69 +to_meter=20.116756',
  3168: '+proj=omerc +no_uoff +lat_0=4 +lonc=102.25 +alpha=323.0257905 +gamma=323.130102361111 +k=0.99984 +x_0=804670.24 +ellps=evrst69',
  3314: '+proj=lcc +lat_0=9 +lon_0=26 +lat_1=-6.5 +lat_2=-11.5 +x_0=500000 +y_0=500000 +ellps=clrk66',
  3349: '+proj=merc +lon_0=150 +k=1 +ellps=WGS84',
  3356: '+proj=tmerc +lat_0=0 +lon_0=-81 +k=0.9996 +x_0=499999.999998 +ellps=clrk66 +to_meter=0.3048',
  3357: '+proj=tmerc +lat_0=0 +lon_0=-81 +k=0.9996 +x_0=499999.999998 +ellps=clrk66 +to_meter=0.3048',
  3359: '+proj=lcc +lat_0=33.75 +lon_0=-79 +lat_1=36.1666666666667 +lat_2=34.3333333333333 +x_0=609601.219202438 +ellps=GRS80 +to_meter=0.3048006096012192',
  3366: '+proj=cass +lat_0=22.3121333333333 +lon_0=114.178555555556 +x_0=40243.5777560424 +y_0=19069.9335151258 +a=6378293.64520876 +b=6356617.98767984 +to_meter=0.3047972654',
  3375: '+proj=omerc +no_uoff +lat_0=4 +lonc=102.25 +alpha=323.025796466667 +gamma=323.130102361111 +k=0.99984 +x_0=804671 +ellps=GRS80',
  3376: '+proj=omerc +no_uoff +lat_0=4 +lonc=115 +alpha=53.31580995 +gamma=53.1301023611111 +k=0.99984 +ellps=GRS80',
  3388: '+proj=merc +lat_ts=42 +lon_0=51 +ellps=krass +towgs84=25,-141,-78.5,0,0.35,0.736,0',
  3408: '+proj=laea +lat_0=90 +lon_0=0 +ellps=WGS84',
  3409: '+proj=laea +lat_0=-90 +lon_0=0 +ellps=WGS84',
  3410: '+proj=cea +lat_ts=30 +lon_0=0 +ellps=WGS84',
  3411: '+proj=stere +lat_0=90 +lat_ts=70 +lon_0=-45 +ellps=WGS84',
  3412: '+proj=stere +lat_0=-90 +lat_ts=-70 +lon_0=0 +ellps=WGS84',
  3454: '+proj=lcc +lat_0=43.8333333333333 +lon_0=-100 +lat_1=45.6833333333333 +lat_2=44.4166666666667 +x_0=600000 +ellps=GRS80 +to_meter=0.3048006096012192',
  3468: '+proj=omerc +no_uoff +lat_0=57 +lonc=-133.666666666667 +alpha=323.130102361111 +gamma=323.130102361111 +k=0.9999 +x_0=5000000 +y_0=-5000000 +ellps=GRS80',
  3591: '+proj=omerc +no_uoff +lat_0=45.3091666666667 +lonc=-86 +alpha=337.25556 +gamma=337.25556 +k=0.9996 +x_0=2546731.496 +y_0=-4354009.816 +ellps=GRS80',
  3842: '+proj=tmerc +lat_0=0 +lon_0=21 +k=1 +x_0=7500000 +ellps=krass',
  3843: '+proj=tmerc +lat_0=0 +lon_0=24 +k=1 +x_0=8500000 +ellps=krass',
  3985: '+proj=lcc +lat_0=-9 +lon_0=26 +lat_1=-6.5 +lat_2=-11.5 +x_0=500000 +y_0=500000 +ellps=clrk66',
  3994: '+proj=merc +lat_ts=-41 +lon_0=100 +ellps=WGS84',
  4088: '+proj=eqc +lat_ts=0 +lat_0=0 +lon_0=0 +ellps=WGS84',
  4819: '+proj=longlat +a=6378249.145 +rf=293.465 +towgs84=-209.3622,-87.8162,404.6198,0.0046,3.4784,0.5805,-1.4547',
  4855: '+proj=tmerc +lat_0=58 +lon_0=5.5 +k=1 +x_0=100000 +y_0=1000000 +ellps=GRS80',
  4856: '+proj=tmerc +lat_0=58 +lon_0=6.5 +k=1 +x_0=100000 +y_0=1000000 +ellps=GRS80',
  4857: '+proj=tmerc +lat_0=58 +lon_0=7.5 +k=1 +x_0=100000 +y_0=1000000 +ellps=GRS80',
  4858: '+proj=tmerc +lat_0=58 +lon_0=8.5 +k=1 +x_0=100000 +y_0=1000000 +ellps=GRS80',
  4859: '+proj=tmerc +lat_0=58 +lon_0=9.5 +k=1 +x_0=100000 +y_0=1000000 +ellps=GRS80',
  4860: '+proj=tmerc +lat_0=58 +lon_0=10.5 +k=1 +x_0=100000 +y_0=1000000 +ellps=GRS80',
  4861: '+proj=tmerc +lat_0=58 +lon_0=11.5 +k=1 +x_0=100000 +y_0=1000000 +ellps=GRS80',
  4862: '+proj=tmerc +lat_0=58 +lon_0=12.5 +k=1 +x_0=100000 +y_0=1000000 +ellps=GRS80',
  4863: '+proj=tmerc +lat_0=58 +lon_0=13.5 +k=1 +x_0=100000 +y_0=1000000 +ellps=GRS80',
  4864: '+proj=tmerc +lat_0=58 +lon_0=14.5 +k=1 +x_0=100000 +y_0=1000000 +ellps=GRS80',
  4865: '+proj=tmerc +lat_0=58 +lon_0=15.5 +k=1 +x_0=100000 +y_0=1000000 +ellps=GRS80',
  4866: '+proj=tmerc +lat_0=58 +lon_0=16.5 +k=1 +x_0=100000 +y_0=1000000 +ellps=GRS80',
  4867: '+proj=tmerc +lat_0=58 +lon_0=17.5 +k=1 +x_0=100000 +y_0=1000000 +ellps=GRS80',
  4868: '+proj=tmerc +lat_0=58 +lon_0=18.5 +k=1 +x_0=100000 +y_0=1000000 +ellps=GRS80',
  4869: '+proj=tmerc +lat_0=58 +lon_0=19.5 +k=1 +x_0=100000 +y_0=1000000 +ellps=GRS80',
  4870: '+proj=tmerc +lat_0=58 +lon_0=20.5 +k=1 +x_0=100000 +y_0=1000000 +ellps=GRS80',
  4871: '+proj=tmerc +lat_0=58 +lon_0=21.5 +k=1 +x_0=100000 +y_0=1000000 +ellps=GRS80',
  4872: '+proj=tmerc +lat_0=58 +lon_0=22.5 +k=1 +x_0=100000 +y_0=1000000 +ellps=GRS80',
  4873: '+proj=tmerc +lat_0=58 +lon_0=23.5 +k=1 +x_0=100000 +y_0=1000000 +ellps=GRS80',
  4874: '+proj=tmerc +lat_0=58 +lon_0=24.5 +k=1 +x_0=100000 +y_0=1000000 +ellps=GRS80',
  4875: '+proj=tmerc +lat_0=58 +lon_0=25.5 +k=1 +x_0=100000 +y_0=1000000 +ellps=GRS80',
  4876: '+proj=tmerc +lat_0=58 +lon_0=26.5 +k=1 +x_0=100000 +y_0=1000000 +ellps=GRS80',
  4877: '+proj=tmerc +lat_0=58 +lon_0=27.5 +k=1 +x_0=100000 +y_0=1000000 +ellps=GRS80',
  4878: '+proj=tmerc +lat_0=58 +lon_0=28.5 +k=1 +x_0=100000 +y_0=1000000 +ellps=GRS80',
  4879: '+proj=tmerc +lat_0=58 +lon_0=29.5 +k=1 +x_0=100000 +y_0=1000000 +ellps=GRS80',
  4880: '+proj=tmerc +lat_0=58 +lon_0=30.5 +k=1 +x_0=100000 +y_0=1000000 +ellps=GRS80',
  5247: '+proj=omerc +no_uoff +lat_0=4 +lonc=115 +alpha=53.31580995 +gamma=53.1301023611111 +k=0.99984 +ellps=GRS80',
  5388: '+proj=utm +zone=17 +south +ellps=GRS80',
  5466: '+proj=tmerc +lat_0=17.0612419444444 +lon_0=-88.6318575 +k=1 +x_0=66220.0283308276 +y_0=135779.50998853 +a=6378293.64520876 +b=6356617.98767984 +to_meter=0.3047972654',
  5472: '+proj=poly +lat_0=8.25 +lon_0=-81 +x_0=914391.7962 +y_0=999404.721715486 +ellps=clrk66 +to_meter=0.9143917962',
  5570: '+proj=tmerc +lat_0=0 +lon_0=21 +k=1 +x_0=300000 +ellps=krass',
  5571: '+proj=tmerc +lat_0=0 +lon_0=24 +k=1 +x_0=300000 +ellps=krass',
  5572: '+proj=tmerc +lat_0=0 +lon_0=27 +k=1 +x_0=300000 +ellps=krass',
  5573: '+proj=tmerc +lat_0=0 +lon_0=30 +k=1 +x_0=300000 +ellps=krass',
  5574: '+proj=tmerc +lat_0=0 +lon_0=33 +k=1 +x_0=300000 +ellps=krass',
  5575: '+proj=tmerc +lat_0=0 +lon_0=36 +k=1 +x_0=300000 +ellps=krass',
  5576: '+proj=tmerc +lat_0=0 +lon_0=39 +k=1 +x_0=300000 +ellps=krass',
  5577: '+proj=tmerc +lat_0=0 +lon_0=21 +k=1 +x_0=300000 +ellps=krass',
  5578: '+proj=tmerc +lat_0=0 +lon_0=24 +k=1 +x_0=300000 +ellps=krass',
  5579: '+proj=tmerc +lat_0=0 +lon_0=27 +k=1 +x_0=300000 +ellps=krass',
  5580: '+proj=tmerc +lat_0=0 +lon_0=30 +k=1 +x_0=300000 +ellps=krass',
  5581: '+proj=tmerc +lat_0=0 +lon_0=33 +k=1 +x_0=300000 +ellps=krass',
  5582: '+proj=tmerc +lat_0=0 +lon_0=36 +k=1 +x_0=300000 +ellps=krass',
  5583: '+proj=tmerc +lat_0=0 +lon_0=39 +k=1 +x_0=300000 +ellps=krass',
  5641: '+proj=merc +lat_ts=-2 +lon_0=-43 +x_0=5000000 +y_0=10000000 +ellps=GRS80',
  6141: '+proj=lcc +lat_0=19.3333333333333 +lon_0=-80.5666666666667 +lat_1=19.3333333333333 +lat_2=19.7 +x_0=899160 +y_0=579120 +ellps=GRS80 +to_meter=0.3048',
  6200: '+proj=lcc +lat_0=44.7833333333333 +lon_0=-87 +lat_1=45.4833333333333 +lat_2=47.0833333333333 +x_0=609601.219202438 +k_0=1.0000382 +ellps=clrk66 +to_meter=0.3048006096012192',
  6394: '+proj=omerc +no_uoff +lat_0=57 +lonc=-133.666666666667 +alpha=323.130102361111 +gamma=323.130102361111 +k=0.9999 +x_0=5000000 +y_0=-5000000 +ellps=GRS80',
  6497: '+proj=omerc +no_uoff +lat_0=45.3091666666667 +lonc=-86 +alpha=337.25556 +gamma=337.25556 +k=0.9996 +x_0=2546731.496 +y_0=-4354009.816 +ellps=GRS80',
  6808: '+proj=omerc +no_uoff +lat_0=45.9166666666667 +lonc=-123 +alpha=295 +gamma=295 +k=1 +x_0=7000000 +y_0=-3000000 +ellps=GRS80',
  6809: '+proj=omerc +no_uoff +lat_0=45.9166666666667 +lonc=-123 +alpha=295 +gamma=295 +k=1 +x_0=7000000.00000248 +y_0=-2999999.999988 +ellps=GRS80 +to_meter=0.3048',
  6810: '+proj=omerc +no_uoff +lat_0=45.9166666666667 +lonc=-123 +alpha=295 +gamma=295 +k=1 +x_0=7000000 +y_0=-3000000 +ellps=GRS80',
  6811: '+proj=omerc +no_uoff +lat_0=45.9166666666667 +lonc=-123 +alpha=295 +gamma=295 +k=1 +x_0=7000000.00000248 +y_0=-2999999.999988 +ellps=GRS80 +to_meter=0.3048',
  6840: '+proj=omerc +no_uoff +lat_0=44.75 +lonc=-124.05 +alpha=5 +gamma=5 +k=1 +x_0=-300000 +y_0=-4600000 +ellps=GRS80',
  6841: '+proj=omerc +no_uoff +lat_0=44.75 +lonc=-124.05 +alpha=5 +gamma=5 +k=1 +x_0=-299999.9999988 +y_0=-4600000.00001208 +ellps=GRS80 +to_meter=0.3048',
  6842: '+proj=omerc +no_uoff +lat_0=44.75 +lonc=-124.05 +alpha=5 +gamma=5 +k=1 +x_0=-300000 +y_0=-4600000 +ellps=GRS80',
  6843: '+proj=omerc +no_uoff +lat_0=44.75 +lonc=-124.05 +alpha=5 +gamma=5 +k=1 +x_0=-299999.9999988 +y_0=-4600000.00001208 +ellps=GRS80 +to_meter=0.3048',
  6956: '+proj=tmerc +lat_0=0 +lon_0=102 +k=0.9999 +x_0=500000 +ellps=WGS84 +towgs84=-191.90441429,-39.30318279,-111.45032835,0.00928836,-0.01975479,0.00427372,0.252906278',
  6957: '+proj=tmerc +lat_0=0 +lon_0=105 +k=0.9999 +x_0=500000 +ellps=WGS84 +towgs84=-191.90441429,-39.30318279,-111.45032835,0.00928836,-0.01975479,0.00427372,0.252906278',
  6958: '+proj=tmerc +lat_0=0 +lon_0=108 +k=0.9999 +x_0=500000 +ellps=WGS84 +towgs84=-191.90441429,-39.30318279,-111.45032835,0.00928836,-0.01975479,0.00427372,0.252906278',
  6959: '+proj=tmerc +lat_0=0 +lon_0=107.75 +k=0.9999 +x_0=500000 +ellps=WGS84 +towgs84=-191.90441429,-39.30318279,-111.45032835,0.00928836,-0.01975479,0.00427372,0.252906278',
  6996: '+proj=tmerc +lat_0=37.75 +lon_0=-122.45 +k=1.000007 +x_0=48000 +y_0=24000 +ellps=GRS80',
  6997: '+proj=tmerc +lat_0=37.75 +lon_0=-122.45 +k=1.000007 +x_0=48000 +y_0=24000 +ellps=GRS80 +to_meter=0.3048006096012192',
  7804: '+proj=utm +zone=35 +ellps=GRS80',
  21100: '+proj=merc +lon_0=110 +k=0.997 +x_0=3900000 +y_0=900000 +ellps=bessel +towgs84=-377,681,-50,0,0,0,0',
  22832:
    '+proj=tmerc +lat_0=0 +lon_0=10.5 +k=0.999 +x_0=1000000 +y_0=1000000 +ellps=intl +towgs84=-206.1,-174.7,-87.7,0,0,0,0',
  23433: '+proj=utm +zone=33 +a=6378249.145 +rf=293.465',
  23700:
    '+proj=somerc +lat_0=47.1443937222222 +lon_0=19.0485717777778 +k_0=0.99993 +x_0=650000 +y_0=200000 +ellps=GRS67',
  24370:
    '+proj=lcc +lat_1=39.5 +lat_0=39.5 +lon_0=68 +k_0=0.99846154 +x_0=2153865.73916853 +y_0=2368292.1946281 +a=6377299.36559538 +b=6356098.35900516 +to_meter=0.914398530744441',
  24371:
    '+proj=lcc +lat_1=32.5 +lat_0=32.5 +lon_0=68 +k_0=0.99878641 +x_0=2743195.59223332 +y_0=914398.530744441 +a=6377299.36559538 +b=6356098.35900516 +to_meter=0.914398530744441',
  24372:
    '+proj=lcc +lat_1=26 +lat_0=26 +lon_0=74 +k_0=0.99878641 +x_0=2743195.59223332 +y_0=914398.530744441 +a=6377299.36559538 +b=6356098.35900516 +to_meter=0.914398530744441',
  24373:
    '+proj=lcc +lat_1=19 +lat_0=19 +lon_0=80 +k_0=0.99878641 +x_0=2743195.59223332 +y_0=914398.530744441 +a=6377299.36559538 +b=6356098.35900516 +to_meter=0.914398530744441',
  24374:
    '+proj=lcc +lat_1=12 +lat_0=12 +lon_0=80 +k_0=0.99878641 +x_0=2743195.59223332 +y_0=914398.530744441 +a=6377299.36559538 +b=6356098.35900516 +to_meter=0.914398530744441',
  24382:
    '+proj=lcc +lat_1=26 +lat_0=26 +lon_0=90 +k_0=0.99878641 +x_0=2743195.59223332 +y_0=914398.530744441 +a=6377299.36559538 +b=6356098.35900516 +to_meter=0.914398530744441',
  24571:
    '+proj=omerc +no_uoff +lat_0=4 +lonc=102.25 +alpha=323.0257905 +gamma=323.130102361111 +k=0.99984 +x_0=804671.299775035 +ellps=evrst48 +towgs84=-11,851,5,0,0,0,0 +to_meter=20.1167824943759',
  25700: '+proj=merc +lon_0=110 +k=0.997 +x_0=3900000 +y_0=900000 +ellps=bessel +towgs84=-587.8,519.75,145.76,0,0,0,0',
  26193: '+proj=lcc +lat_1=26.1 +lat_0=26.1 +lon_0=-5.4 +k_0=0.999616304 +x_0=1200000 +y_0=400000 +ellps=clrk80ign',
  26591: '+proj=tmerc +lat_0=0 +lon_0=9 +k=0.9996 +x_0=1500000 +ellps=intl',
  26592: '+proj=tmerc +lat_0=0 +lon_0=15 +k=0.9996 +x_0=2520000 +ellps=intl',
  26731:
    '+proj=omerc +no_uoff +lat_0=57 +lonc=-133.666666666667 +alpha=323.130102361111 +gamma=323.130102361111 +k=0.9999 +x_0=5000000.001016 +y_0=-5000000.001016 +ellps=clrk66 +to_meter=0.3048006096012192',
  26747:
    '+proj=lcc +lat_0=34.1333333333333 +lon_0=-118.333333333333 +lat_1=34.4166666666667 +lat_2=33.8666666666667 +x_0=1276106.4505969 +y_0=1268253.00685801 +ellps=clrk66 +to_meter=0.3048006096012192',
  26801:
    '+proj=tmerc +lat_0=41.5 +lon_0=-83.6666666666667 +k=0.999942857 +x_0=152400.30480061 +ellps=clrk66 +to_meter=0.3048006096012192',
  26802:
    '+proj=tmerc +lat_0=41.5 +lon_0=-85.75 +k=0.999909091 +x_0=152400.30480061 +ellps=clrk66 +to_meter=0.3048006096012192',
  26803:
    '+proj=tmerc +lat_0=41.5 +lon_0=-88.75 +k=0.999909091 +x_0=152400.30480061 +ellps=clrk66 +to_meter=0.3048006096012192',
  26811:
    '+proj=lcc +lat_0=45.45 +lon_0=-87 +lat_1=45.4833333333333 +lat_2=47.0833333333333 +x_0=609601.219202438 +k_0=1.0000382 +ellps=clrk66 +to_meter=0.3048006096012192',
  26814:
    '+proj=tmerc +lat_0=43.6666666666667 +lon_0=-68.5 +k=0.9999 +x_0=300000 +ellps=GRS80 +to_meter=0.3048006096012192',
  26815:
    '+proj=tmerc +lat_0=42.8333333333333 +lon_0=-70.1666666666667 +k=0.999966667 +x_0=900000 +ellps=GRS80 +to_meter=0.3048006096012192',
  26819:
    '+proj=lcc +lat_0=46.5 +lon_0=-93.1 +lat_1=48.6333333333333 +lat_2=47.0333333333333 +x_0=800000.00001016 +y_0=99999.99998984 +ellps=GRS80 +to_meter=0.3048006096012192',
  26820:
    '+proj=lcc +lat_0=45 +lon_0=-94.25 +lat_1=47.05 +lat_2=45.6166666666667 +x_0=800000.00001016 +y_0=99999.99998984 +ellps=GRS80 +to_meter=0.3048006096012192',
  26821:
    '+proj=lcc +lat_0=43 +lon_0=-94 +lat_1=45.2166666666667 +lat_2=43.7833333333333 +x_0=800000.00001016 +y_0=99999.99998984 +ellps=GRS80 +to_meter=0.3048006096012192',
  26822:
    '+proj=lcc +lat_0=39.8333333333333 +lon_0=-100 +lat_1=43 +lat_2=40 +x_0=500000.00001016 +ellps=GRS80 +to_meter=0.3048006096012192',
  26823:
    '+proj=lcc +lat_0=38.5 +lon_0=-79.5 +lat_1=40.25 +lat_2=39 +x_0=600000 +ellps=GRS80 +to_meter=0.3048006096012192',
  26824:
    '+proj=lcc +lat_0=37 +lon_0=-81 +lat_1=38.8833333333333 +lat_2=37.4833333333333 +x_0=600000 +ellps=GRS80 +to_meter=0.3048006096012192',
  26825:
    '+proj=tmerc +lat_0=43.6666666666667 +lon_0=-68.5 +k=0.9999 +x_0=300000 +ellps=GRS80 +to_meter=0.3048006096012192',
  26826:
    '+proj=tmerc +lat_0=42.8333333333333 +lon_0=-70.1666666666667 +k=0.999966667 +x_0=900000 +ellps=GRS80 +to_meter=0.3048006096012192',
  26830:
    '+proj=lcc +lat_0=46.5 +lon_0=-93.1 +lat_1=48.6333333333333 +lat_2=47.0333333333333 +x_0=800000.00001016 +y_0=99999.99998984 +ellps=GRS80 +to_meter=0.3048006096012192',
  26831:
    '+proj=lcc +lat_0=45 +lon_0=-94.25 +lat_1=47.05 +lat_2=45.6166666666667 +x_0=800000.00001016 +y_0=99999.99998984 +ellps=GRS80 +to_meter=0.3048006096012192',
  26832:
    '+proj=lcc +lat_0=43 +lon_0=-94 +lat_1=45.2166666666667 +lat_2=43.7833333333333 +x_0=800000.00001016 +y_0=99999.99998984 +ellps=GRS80 +to_meter=0.3048006096012192',
  26833:
    '+proj=lcc +lat_0=39.8333333333333 +lon_0=-100 +lat_1=43 +lat_2=40 +x_0=500000.00001016 +ellps=GRS80 +to_meter=0.3048006096012192',
  26834:
    '+proj=lcc +lat_0=38.5 +lon_0=-79.5 +lat_1=40.25 +lat_2=39 +x_0=600000 +ellps=GRS80 +to_meter=0.3048006096012192',
  26835:
    '+proj=lcc +lat_0=37 +lon_0=-81 +lat_1=38.8833333333333 +lat_2=37.4833333333333 +x_0=600000 +ellps=GRS80 +to_meter=0.3048006096012192',
  26836:
    '+proj=tmerc +lat_0=43.6666666666667 +lon_0=-68.5 +k=0.9999 +x_0=300000 +ellps=GRS80 +to_meter=0.3048006096012192',
  26837:
    '+proj=tmerc +lat_0=42.8333333333333 +lon_0=-70.1666666666667 +k=0.999966667 +x_0=900000 +ellps=GRS80 +to_meter=0.3048006096012192',
  26841:
    '+proj=lcc +lat_0=46.5 +lon_0=-93.1 +lat_1=48.6333333333333 +lat_2=47.0333333333333 +x_0=800000.00001016 +y_0=99999.99998984 +ellps=GRS80 +to_meter=0.3048006096012192',
  26842:
    '+proj=lcc +lat_0=45 +lon_0=-94.25 +lat_1=47.05 +lat_2=45.6166666666667 +x_0=800000.00001016 +y_0=99999.99998984 +ellps=GRS80 +to_meter=0.3048006096012192',
  26843:
    '+proj=lcc +lat_0=43 +lon_0=-94 +lat_1=45.2166666666667 +lat_2=43.7833333333333 +x_0=800000.00001016 +y_0=99999.99998984 +ellps=GRS80 +to_meter=0.3048006096012192',
  26844:
    '+proj=lcc +lat_0=39.8333333333333 +lon_0=-100 +lat_1=43 +lat_2=40 +x_0=500000.00001016 +ellps=GRS80 +to_meter=0.3048006096012192',
  26845:
    '+proj=lcc +lat_0=38.5 +lon_0=-79.5 +lat_1=40.25 +lat_2=39 +x_0=600000 +ellps=GRS80 +to_meter=0.3048006096012192',
  26846:
    '+proj=lcc +lat_0=37 +lon_0=-81 +lat_1=38.8833333333333 +lat_2=37.4833333333333 +x_0=600000 +ellps=GRS80 +to_meter=0.3048006096012192',
  26931:
    '+proj=omerc +no_uoff +lat_0=57 +lonc=-133.666666666667 +alpha=323.130102361111 +gamma=323.130102361111 +k=0.9999 +x_0=5000000 +y_0=-5000000 +ellps=GRS80',
  26979: '+proj=lcc +lat_0=37.5 +lon_0=-84.25 +lat_1=37.9666666666667 +lat_2=38.9666666666667 +x_0=500000 +ellps=GRS80',
  29100: '+proj=poly +lat_0=0 +lon_0=-54 +x_0=5000000 +y_0=10000000 +ellps=aust_SA',
  29118: '+proj=utm +zone=18 +ellps=aust_SA',
  29119: '+proj=utm +zone=19 +ellps=aust_SA +towgs84=-57,1,-41,0,0,0,0',
  29120: '+proj=utm +zone=20 +ellps=aust_SA',
  29121: '+proj=utm +zone=21 +ellps=aust_SA +towgs84=-57,1,-41,0,0,0,0',
  29122: '+proj=utm +zone=22 +ellps=aust_SA',
  29177: '+proj=utm +zone=17 +south +ellps=aust_SA +towgs84=-57,1,-41,0,0,0,0',
  29178: '+proj=utm +zone=18 +south +ellps=aust_SA +towgs84=-57,1,-41,0,0,0,0',
  29179: '+proj=utm +zone=19 +south +ellps=aust_SA +towgs84=-57,1,-41,0,0,0,0',
  29180: '+proj=utm +zone=20 +south +ellps=aust_SA +towgs84=-57,1,-41,0,0,0,0',
  29181: '+proj=utm +zone=21 +south +ellps=aust_SA +towgs84=-57,1,-41,0,0,0,0',
  29182: '+proj=utm +zone=22 +south +ellps=aust_SA',
  29183: '+proj=utm +zone=23 +south +ellps=aust_SA',
  29184: '+proj=utm +zone=24 +south +ellps=aust_SA',
  29185: '+proj=utm +zone=25 +south +ellps=aust_SA',
  29635: '+proj=utm +zone=35 +a=6378249.145 +rf=293.465',
  29636: '+proj=utm +zone=36 +a=6378249.145 +rf=293.465',
  29874:
    '+proj=omerc +no_uoff +lat_0=4 +lonc=115 +alpha=53.3158204722222 +gamma=53.1301023611111 +k=0.99984 +x_0=2000000 +y_0=5000000 +ellps=evrstSS +towgs84=-679,669,-48,0,0,0,0',
  31265: '+proj=tmerc +lat_0=0 +lon_0=15 +k=0.9999 +x_0=5500000 +ellps=bessel',
  31266: '+proj=tmerc +lat_0=0 +lon_0=18 +k=0.9999 +x_0=6500000 +ellps=bessel',
  31267: '+proj=tmerc +lat_0=0 +lon_0=21 +k=0.9999 +x_0=7500000 +ellps=bessel',
  31268: '+proj=tmerc +lat_0=0 +lon_0=21 +k=0.9999 +x_0=7500000 +ellps=bessel',
  31278: '+proj=tmerc +lat_0=0 +lon_0=24 +k=0.9999 +x_0=8500000 +ellps=bessel',
  31900: '+proj=tmerc +lat_0=0 +lon_0=48 +k=1 +x_0=500000 +ellps=GRS80',
  32018:
    '+proj=lcc +lat_0=40.5 +lon_0=-74 +lat_1=41.0333333333333 +lat_2=40.6666666666667 +x_0=609601.219202438 +y_0=30480.0609601219 +ellps=clrk66 +to_meter=0.3048006096012192',
  32029:
    '+proj=lcc +lat_0=39.3333333333333 +lon_0=-77.75 +lat_1=40.9666666666667 +lat_2=39.9333333333333 +x_0=609601.219202438 +ellps=clrk66 +to_meter=0.3048006096012192',
  32036:
    '+proj=lcc +lat_0=34.6666666666667 +lon_0=-86 +lat_1=35.25 +lat_2=36.4166666666667 +x_0=609601.219202438 +y_0=30480.0609601219 +ellps=clrk66 +to_meter=0.3048006096012192',
};

/** Grids that neither that table nor proj4 can express: their axes or methods are their own. */
export const INEXPRESSIBLE: ReadonlySet<number> = new Set([2065, 5513, 8044, 8045, 8352]);
