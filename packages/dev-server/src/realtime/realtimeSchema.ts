import type { BootstrapStep } from '../postgres/bootstrapSteps.js'

/**
 * The schema `realtime`: the messages whose policies decide about private channels, and the functions with which the
 * database itself broadcasts. They have Supabase's names and columns; the table has no partitions.
 */
export const realtimeSchema: BootstrapStep = {
  makes: 'the schema realtime',
  sql: `
do $$ begin
  create schema if not exists realtime;
  if to_regclass('realtime.messages') is not null then return; end if;
  grant usage on schema realtime to anon, authenticated, service_role;
  create table realtime.messages (
    topic text not null,
    extension text not null,
    payload jsonb,
    event text,
    private boolean default false,
    updated_at timestamp not null default now(),
    inserted_at timestamp not null default now(),
    id uuid not null default gen_random_uuid(),
    binary_payload bytea,
    primary key (id, inserted_at)
  );
  create index messages_inserted_at_topic on realtime.messages (topic, inserted_at desc)
    where extension = 'broadcast' and private;
  alter table realtime.messages enable row level security;
  grant select, insert, update on realtime.messages to anon, authenticated, service_role;

  create function realtime.topic() returns text language sql stable as $body$
    select nullif(current_setting('realtime.topic', true), '')
  $body$;

  create function realtime.send(payload jsonb, event text, topic text, private boolean default true)
  returns void language plpgsql as $body$
  declare message uuid := gen_random_uuid();
  begin
    perform set_config('realtime.topic', topic, true);
    insert into realtime.messages (id, payload, event, topic, private, extension)
    values (message, case when payload ? 'id' then payload else payload || jsonb_build_object('id', message) end,
      event, topic, private, 'broadcast');
  exception when others then
    raise warning 'ErrorSendingBroadcastMessage: %', sqlerrm;
  end $body$;

  create function realtime.send_binary(payload bytea, event text, topic text, private boolean default true)
  returns void language plpgsql as $body$
  begin
    perform set_config('realtime.topic', topic, true);
    insert into realtime.messages (binary_payload, event, topic, private, extension)
    values (payload, event, topic, private, 'broadcast');
  exception when others then
    raise warning 'ErrorSendingBroadcastMessage: %', sqlerrm;
  end $body$;

  create function realtime.broadcast_changes(topic_name text, event_name text, operation text, table_name text,
    table_schema text, new record, old record, level text default 'ROW')
  returns void language plpgsql as $body$
  begin
    if level = 'STATEMENT' then
      raise exception 'function can only be triggered for each row, not for each statement';
    end if;
    if operation not in ('INSERT', 'UPDATE', 'DELETE') then
      raise exception 'Unexpected operation type: %', operation;
    end if;
    perform realtime.send(jsonb_build_object('old_record', old, 'record', new, 'operation', operation,
      'table', table_name, 'schema', table_schema), event_name, topic_name);
  exception when others then
    raise exception 'Failed to process the row: %', sqlerrm;
  end $body$;
end $$;`,
}
