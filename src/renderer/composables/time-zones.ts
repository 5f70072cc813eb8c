let options: { label: string; value: string }[] | undefined;

/** All zones the platform knows, UTC first, for a select. */
export function timeZoneOptions(): { label: string; value: string }[] {
  options ??= ['UTC', ...Intl.supportedValuesOf('timeZone').filter((zone) => zone !== 'UTC')].map((zone) => ({
    label: zone,
    value: zone,
  }));
  return options;
}
