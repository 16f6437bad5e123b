package dev.rookery.console;

import dev.rookery.base.PlayerId;
import dev.rookery.base.Refused;
import dev.rookery.bus.Done;
import dev.rookery.store.Database;
import dev.rookery.store.Transaction;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The roles that players can have. Those that are added are at most {@value #ADDED_MAX}. They
 * change under the lock under which roles are given, so that none is deleted while it is given.
 */
final class Roles {
  static final int ADDED_MAX = 50;

  private final Database database;
  private final RoleStore store = new RoleStore();
  private final GrantStore grants = new GrantStore();
  private final InviteStore invites = new InviteStore();

  Roles(Database database) {
    this.database = database;
  }

  List<StoredRole> list() {
    Map<String, Long> holders = store.countHolders(database);
    var roles = new ArrayList<StoredRole>();
    RoleTemplate.BUILT_IN.forEach(
        role -> roles.add(new StoredRole(role, holders.getOrDefault(role.name(), 0L), null, 0, 0)));
    roles.addAll(store.list(database));
    return List.copyOf(roles);
  }

  StoredRole put(ConsoleCommand.PutRole put) {
    String name = put.name();
    if (!RoleTemplate.isName(name)) {
      throw Refused.invalid("name", "must be 2 to 40 of a-z, 0-9, - and _, and begin with a-z");
    }
    var role = new RoleTemplate(name, put.permissions());
    return database.write(
        tx -> {
          grants.lock(tx);
          Optional<StoredRole> earlier = store.find(tx, name);
          requireChangeable(tx, put.by(), role);
          if (earlier.isPresent()) {
            requireChangeable(tx, put.by(), earlier.get().template());
            requireLasting(tx, put.by(), earlier.get());
          }
          requireRevision(earlier.map(StoredRole::revision).orElse(0L), put.revision());
          if (earlier.isEmpty() && store.count(tx) >= ADDED_MAX) {
            throw Refused.conflict("too_many_roles");
          }
          store.put(tx, role, put.by());
          store.endSessions(tx, name);
          return store.find(tx, name).orElseThrow();
        });
  }

  Done delete(PlayerId by, String name) {
    return database.write(
        tx -> {
          grants.lock(tx);
          if (RoleTemplate.builtIn(name).isPresent()) {
            throw Refused.conflict("built_in_role");
          }
          StoredRole role = store.find(tx, name).orElseThrow(() -> Refused.missing("not_found"));
          requireChangeable(tx, by, role.template());
          if (isInUse(tx, role)) {
            throw Refused.conflict("role_in_use");
          }
          store.delete(tx, name);
          return Done.DONE;
        });
  }

  private boolean isInUse(Transaction tx, StoredRole role) {
    return role.holders() > 0 || invites.isInvitedTo(tx, role.template().name());
  }

  /** What holders get by a change has no end, so it is not given by an admin whose role has one. */
  private void requireLasting(Transaction tx, PlayerId by, StoredRole role) {
    if (grants.findEnd(tx, by) != null && isInUse(tx, role)) {
      throw Refused.denied("role_outlives_yours");
    }
  }

  private static void requireRevision(long now, @Nullable Long read) {
    if (read != null && read != now) {
      throw Refused.conflict("revision_conflict");
    }
  }

  /** Admins who change a role could give it to themselves, so they must be able to grant it. */
  private void requireChangeable(Transaction tx, PlayerId by, RoleTemplate role) {
    if (role.isBuiltIn()) {
      throw Refused.conflict("built_in_role");
    }
    Optional<RoleTemplate> own = grants.find(tx, by);
    if (own.filter(one -> one.name().equals(role.name())).isPresent()) {
      throw Refused.conflict("cannot_change_own_role");
    }
    if (AuditedChange.narrowed(own).filter(one -> one.mayGrant(role)).isEmpty()) {
      throw Refused.denied("role_not_grantable");
    }
  }
}
