import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The first shape of the store.
 *
 * Texts compare by byte (`"C"`): names are ASCII, and an index must not depend on the machine's locale.
 * Fixed columns stand first, and the narrow ones that folds replay before the wide ones.
 */
export class CreateLedger1795334400000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table muster.ledgers (
        ledger text collate "C" primary key,
        id integer generated always as identity unique
      );

      -- One hot row a ledger: room on the page lets every update be a HOT one.
      create table muster.heads (
        ledger text collate "C" primary key references muster.ledgers,
        position bigint not null,
        recorded_at timestamptz not null,
        running_hash bytea not null check (octet_length(running_hash) = 32)
      ) with (fillfactor = 10);

      create table muster.events (
        position bigint not null check (position > 0),
        recorded_at timestamptz not null,
        causation_id bigint check (causation_id < position),
        kind smallint not null,
        seen smallint not null,
        version smallint not null,
        request_id uuid,
        ledger text collate "C" not null,
        pool text collate "C",
        machine bytea check (octet_length(machine) = 32),
        product text collate "C",
        type text collate "C" not null,
        actor text collate "C" not null,
        leaf_hash bytea not null check (octet_length(leaf_hash) = 32),
        running_hash bytea not null check (octet_length(running_hash) = 32),
        body bytea not null,
        primary key (ledger, position)
      ) partition by list (ledger);

      -- Keys repeat, so they are stored once with a list of rows; a machine's few events are sorted after they are found.
      create index events_by_machine on muster.events (machine) where machine is not null;
      -- ActivationRequested (10) stands before every outcome: it is found by reading on, and does not need an index.
      create index events_by_kind on muster.events (kind, position) where kind <> 10;

      -- Kept by PostgreSQL's own time: partitions for the near future always exist, whatever a controlled clock says.
      create table muster.request_ids (
        stored_at timestamptz not null default now(),
        position bigint not null,
        request_id uuid not null,
        ledger text collate "C" not null,
        machine bytea not null check (octet_length(machine) = 32),
        content_digest bytea not null check (octet_length(content_digest) = 32)
      ) partition by range (stored_at);

      create table muster.personal_data (
        request_id uuid not null,
        ledger text collate "C" not null,
        machine bytea not null check (octet_length(machine) = 32),
        hostname text not null,
        address text,
        primary key (ledger, machine, request_id)
      );

      create table muster.snapshots (
        ledger text collate "C" not null,
        fold text collate "C" not null,
        fold_version integer not null,
        position bigint not null,
        state bytea not null,
        saved_at timestamptz not null default now(),
        primary key (ledger, fold, fold_version, position)
      );
      -- Mostly hashes, which do not compress.
      alter table muster.snapshots alter column state set storage external;

      create function muster.refuse_change() returns trigger language plpgsql as $$
      begin
        raise exception 'events are never changed: % on % is refused', tg_op, tg_table_name using errcode = 'insufficient_privilege';
      end $$;

      create trigger events_never_change before update or delete or truncate on muster.events
        for each statement execute function muster.refuse_change();
      -- Also while triggers are off for replication (session_replication_role), which bulk tools like to set.
      alter table muster.events enable always trigger events_never_change;

      create function muster.refuse_step_back() returns trigger language plpgsql as $$
      begin
        raise exception 'the head of ledger % only moves forward', old.ledger using errcode = 'insufficient_privilege';
      end $$;

      create trigger heads_only_grow before update on muster.heads for each row
        when (new.ledger <> old.ledger or new.position <= old.position or new.recorded_at < old.recorded_at)
        execute function muster.refuse_step_back();
      alter table muster.heads enable always trigger heads_only_grow;
    `);
  }

  async down(): Promise<void> {
    throw new Error('a ledger is not taken back: restore a backup instead');
  }
}
