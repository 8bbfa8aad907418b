/** The report of a run, and the styles of its rasters. */
export type * from './data.ts';
export { type QmlStyle, qmlStyle, qmlStyleOf } from './qml.ts';
export { type ReportPlatform, renderReport } from './render.ts';
