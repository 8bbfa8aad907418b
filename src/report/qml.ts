/** QGIS 3 layer styles (.qml) in the colours of the report, so that a raster opens in QGIS looking as it does there. */
import { classesOf } from './classes.ts';
import { classColour, colourOf, hexOf, type RampName } from './colours.ts';
import type { ReportMap, Rgba } from './data.ts';
import { prettyUnit } from './format.ts';
import { tickLabels } from './legend.ts';
import { html, type Markup } from './markup.ts';
import { positionOf, type Scale, scaleOf, valueAt } from './scale.ts';

export interface QmlStyle {
  readonly kind: 'quantity' | 'classes';
  readonly min?: number;
  readonly max?: number;
  readonly ramp?: string;
  readonly diverging?: boolean;
  readonly centre?: number;
  readonly logarithmic?: boolean;
  readonly palette?: Readonly<Record<number, Rgba>>;
  readonly classNames?: Readonly<Record<number, string>>;
  readonly unit?: string;
}

const STOPS = 16;

/** Style document: paletted for classes, single-band pseudocolour (interpolated) for quantities, and for codes that have neither names nor colours. */
export function qmlStyle(style: QmlStyle): string {
  const { kind, palette, classNames } = style;
  const listed = kind === 'classes' && Object.keys({ ...palette, ...classNames }).length > 0;
  return html`<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>
<qgis version="3.22" styleCategories="Symbology" hasScaleBasedVisibilityFlag="0">
  <pipe>
${listed ? paletted(style) : pseudocolour(style)}
    <brightnesscontrast brightness="0" contrast="0" gamma="1"/>
    <huesaturation saturation="0" grayscaleMode="0" colorizeOn="0"/>
    <rasterresampler maxOversampling="2"/>
  </pipe>
  <blendMode>0</blendMode>
</qgis>
`.markup;
}

/** The style of a map as the report shows it; `siblings` are the maps of the same quantity in all years, itself included. */
export function qmlStyleOf(siblings: readonly ReportMap[]): QmlStyle {
  const { kind, unit, diverging } = siblings[0];
  if (kind === 'classes') {
    const classes = classesOf(siblings);
    return {
      kind,
      palette: Object.fromEntries(classes.map(({ code, colour }) => [code, colour])),
      classNames: { ...siblings[0].classNames, ...Object.fromEntries(classes.map(({ code, name }) => [code, name])) },
    };
  }
  const scale = scaleOf(siblings);
  if (!scale) return { kind, unit };
  const { min, max, ramp, centre, shape } = scale;
  return { kind, unit, min, max, ramp, centre, diverging, logarithmic: shape !== 'linear' };
}

function pseudocolour(style: QmlStyle): Markup {
  const scale = scaleIn(style);
  const stops = Array.from({ length: STOPS + 1 }, (_, i) => i / STOPS);
  const values = stops.map((t) => Number(valueAt(scale, t).toPrecision(9)));
  const unit = style.unit ? prettyUnit(style.unit) : '';
  const labels = tickLabels(values.map((value) => Number(value.toPrecision(3))));
  return html`    <rasterrenderer type="singlebandpseudocolor" band="1" opacity="1" alphaBand="-1" nodataColor="" classificationMin="${scale.min}" classificationMax="${scale.max}">
      <rasterTransparency/>
${MIN_MAX_ORIGIN}
      <rastershader>
        <colorrampshader colorRampType="INTERPOLATED" classificationMode="1" clip="0" minimumValue="${scale.min}" maximumValue="${scale.max}" labelPrecision="4">
${stops.map((t, i) => html`          <item value="${values[i]}" color="${hexOf(colourOf(scale.ramp, colourPosition(scale, values[i], t)))}" alpha="255" label="${[labels[i], unit].filter(Boolean).join(' ')}"/>\n`)}        </colorrampshader>
      </rastershader>
    </rasterrenderer>`;
}

function paletted({ palette = {}, classNames = {} }: QmlStyle): Markup {
  const codes = [...new Set([...Object.keys(palette), ...Object.keys(classNames)].map(Number))].sort((a, b) => a - b);
  const entries = codes.map((code, order) => {
    const colour = palette[code] ?? [...classColour(order), 255];
    return html`        <paletteEntry value="${code}" color="${hexOf(colour)}" alpha="${colour[3]}" label="${classNames[code] ?? `class ${code}`}"/>\n`;
  });
  return html`    <rasterrenderer type="paletted" band="1" opacity="1" alphaBand="-1" nodataColor="">
      <rasterTransparency/>
${MIN_MAX_ORIGIN}
      <colorPalette>
${entries}      </colorPalette>
    </rasterrenderer>`;
}

const MIN_MAX_ORIGIN = html`      <minMaxOrigin>
        <limits>None</limits>
        <extent>WholeRaster</extent>
        <statAccuracy>Estimated</statAccuracy>
        <cumulativeCutLower>0.02</cumulativeCutLower>
        <cumulativeCutUpper>0.98</cumulativeCutUpper>
        <stdDevFactor>2</stdDevFactor>
      </minMaxOrigin>`;

function scaleIn({ min = 0, max = 1, ramp, diverging, centre, logarithmic }: QmlStyle): Scale {
  const known: RampName =
    ramp === 'supply' || ramp === 'demand' || ramp === 'balance' ? ramp : diverging ? 'balance' : 'plain';
  const [low, high] = max > min ? [min, max] : [min - 0.5, min + 0.5];
  const shape = !logarithmic ? 'linear' : low > 0 ? 'log' : 'asinh';
  const middle = diverging ? (centre ?? 0) : centre;
  return {
    shape,
    ramp: known,
    min: low,
    max: high,
    centre: middle,
    openLow: false,
    openHigh: false,
    lowest: low,
    highest: high,
  };
}

/** A diverging ramp has its middle at the centre even where the ends are not equally far from it. */
function colourPosition(scale: Scale, value: number, t: number): number {
  if (scale.ramp !== 'balance' || scale.centre === undefined) return t;
  const middle = positionOf(scale, scale.centre);
  if (middle <= 0 || middle >= 1) return t;
  return value < scale.centre ? (0.5 * t) / middle : 0.5 + (0.5 * (t - middle)) / (1 - middle);
}
