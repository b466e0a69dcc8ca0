export { urlOf, type ListenAddress } from './address.ts';
export type { Layer, Profile, Setting } from './setting.ts';
export { readSettings, type Environment, type SettingLine, type Settings, type SettingSource } from './settings.ts';
