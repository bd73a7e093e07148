export { kitSql, kitVersion } from './kit.js'
export { downMigration, type Installed, migrationFor } from './migration.js'
