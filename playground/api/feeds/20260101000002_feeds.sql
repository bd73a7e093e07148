-- How others hear of the entities: through Supabase Realtime, and through the log of the PubSub service.

alter publication supabase_realtime add table app.employee, app.project, app.task;

select app.track('app.employee', version_column => 'version');
select app.track('app.project', version_column => 'version');
select app.track('app.task', version_column => 'version');
