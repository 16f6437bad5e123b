package dev.rookery.console;

import dev.rookery.bus.CommandScope;
import dev.rookery.store.CommandRecorder;
import dev.rookery.store.Transaction;
import java.util.List;
import java.util.function.LongSupplier;

/** Writes the audit log of a node: entries of commands in their transactions, and others. */
public final class AuditLog implements CommandRecorder {
  private final AuditStore store = new AuditStore();
  private final LongSupplier run;

  /**
   * @param run the run of this node, whose chain it continues
   */
  public AuditLog(LongSupplier run) {
    this.run = run;
  }

  @Override
  public void record(Transaction tx, List<CommandScope> scopes) {
    List<AuditedChange> changes =
        scopes.stream()
            .filter(AuditedChange.class::isInstance)
            .map(AuditedChange.class::cast)
            .toList();
    if (!changes.isEmpty()) {
      store.insert(tx, run.getAsLong(), changes, AuditEntry.DONE);
    }
  }

  /**
   * Writes an entry.
   *
   * @param result {@link AuditEntry#DONE} or the code of a refusal
   */
  public void record(Transaction tx, AuditedChange change, String result) {
    store.insert(tx, run.getAsLong(), List.of(change), result);
  }

  AuditStore store() {
    return store;
  }
}
