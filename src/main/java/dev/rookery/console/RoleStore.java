package dev.rookery.console;

import dev.rookery.base.PlayerId;
import dev.rookery.base.Refused;
import dev.rookery.store.Reader;
import dev.rookery.store.Row;
import dev.rookery.store.Transaction;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Roles that owners have added, as rows. */
final class RoleStore {
  private static final long LISTED_MAX = 500;

  private static final String FIND =
      """
      SELECT name, permissions, changed_by, changed_ms, revision,
        (SELECT count(*) FROM console_grant WHERE console_grant.role = console_role.name) AS holders
      FROM console_role WHERE name = $1
      """;

  private static final String LIST =
      """
      SELECT name, permissions, changed_by, changed_ms, revision,
        (SELECT count(*) FROM console_grant WHERE console_grant.role = console_role.name) AS holders
      FROM console_role ORDER BY name LIMIT $1
      """;

  private static final String COUNT_HOLDERS =
      "SELECT role, count(*) AS holders FROM console_grant GROUP BY role";

  private static final String COUNT = "SELECT count(*) AS roles FROM console_role";

  private static final String PUT =
      """
      INSERT INTO console_role (name, permissions, changed_by, changed_ms, revision)
      VALUES ($1, $2, $3, $4, 1)
      ON CONFLICT (name) DO UPDATE
      SET permissions = $2, changed_by = $3, changed_ms = $4, revision = console_role.revision + 1
      """;

  private static final String DELETE = "DELETE FROM console_role WHERE name = $1";

  private static final String END_SESSIONS =
      """
      DELETE FROM console_session WHERE player_id IN (
        SELECT player_id FROM console_grant WHERE role = $1)
      """;

  /** Returns the role with that name, of the release or stored; {@code Invalid("role")}. */
  RoleTemplate require(Reader reader, String name) {
    return RoleTemplate.builtIn(name)
        .or(() -> find(reader, name).map(StoredRole::template))
        .orElseThrow(() -> Refused.invalid("role", "is unknown"));
  }

  Optional<StoredRole> find(Reader reader, String name) {
    return reader.read(FIND, name).first(RoleStore::role);
  }

  List<StoredRole> list(Reader reader) {
    return reader.read(LIST, LISTED_MAX).all(RoleStore::role);
  }

  /** How many players have each role that anybody has. */
  Map<String, Long> countHolders(Reader reader) {
    var holders = new HashMap<String, Long>();
    reader
        .read(COUNT_HOLDERS)
        .all(row -> Map.entry(row.text("role"), row.number("holders")))
        .forEach(one -> holders.put(one.getKey(), one.getValue()));
    return holders;
  }

  long count(Reader reader) {
    return reader.read(COUNT).row(0).number("roles");
  }

  void put(Transaction tx, RoleTemplate role, PlayerId by) {
    tx.run(
        PUT,
        role.name(),
        RoleTemplate.format(role.permissions()),
        by.value(),
        tx.now().toEpochMilli());
  }

  void delete(Transaction tx, String name) {
    tx.run(DELETE, name);
  }

  /** Ends the console sessions of all who have the role. */
  void endSessions(Transaction tx, String name) {
    tx.run(END_SESSIONS, name);
  }

  private static StoredRole role(Row row) {
    return new StoredRole(
        new RoleTemplate(row.text("name"), RoleTemplate.parse(row.text("permissions"))),
        row.number("holders"),
        new PlayerId(row.number("changed_by")),
        row.number("changed_ms"),
        row.number("revision"));
  }
}
