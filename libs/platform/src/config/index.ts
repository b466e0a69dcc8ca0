export { formatListenAddress, isLoopback, parseListenAddress, urlOf, type ListenAddress } from './address.ts';
export { PROFILES, type Layer, type Profile, type Setting } from './setting.ts';
export { readSettings, type Environment, type SettingLine, type Settings, type SettingSource } from './settings.ts';
export { SETTINGS } from './table.ts';
