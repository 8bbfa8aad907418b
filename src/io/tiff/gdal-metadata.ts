/** The XML of the GDAL_METADATA tag: items with name, value, band and role. GDAL escapes values twice, so they are escaped twice here too. */

export interface MetadataItem {
  readonly name: string;
  readonly value: string;
  /** Band from 1; undefined for the whole file. */
  readonly band?: number;
  /** 'scale', 'offset', 'unittype', 'description' or another that GDAL knows. */
  readonly role?: string;
}

export function parseGdalMetadata(xml: string | undefined): MetadataItem[] {
  const items: MetadataItem[] = [];
  for (const [, attributes, text] of (xml ?? '').matchAll(/<Item\b([^>]*)>([\s\S]*?)<\/Item>/g)) {
    const attribute = (name: string) => new RegExp(`\\b${name}="([^"]*)"`).exec(attributes)?.[1];
    if (attribute('domain')) continue;
    const sample = attribute('sample');
    items.push({
      name: unescapeXml(attribute('name') ?? ''),
      value: unescapeXml(unescapeXml(text)),
      band: sample === undefined ? undefined : Number(sample) + 1,
      role: attribute('role'),
    });
  }
  return items;
}

export function formatGdalMetadata(items: readonly MetadataItem[]): string {
  const lines = items.map(({ name, value, band, role }) => {
    const sample = band === undefined ? '' : ` sample="${band - 1}"`;
    return `  <Item name="${escapeXml(name)}"${sample}${role ? ` role="${role}"` : ''}>${escapeXml(escapeXml(value))}</Item>\n`;
  });
  return `<GDALMetadata>\n${lines.join('')}</GDALMetadata>\n`;
}

export function escapeXml(text: string): string {
  return text.replace(/[&<>"]/g, (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[sign]!);
}

function unescapeXml(text: string): string {
  const named: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
  return text.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (whole, hex, decimal, name) => {
    if (hex) return String.fromCodePoint(Number.parseInt(hex, 16));
    if (decimal) return String.fromCodePoint(Number(decimal));
    return named[name] ?? whole;
  });
}
