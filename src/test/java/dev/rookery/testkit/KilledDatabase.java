package dev.rookery.testkit;

import dev.rookery.base.Event;
import dev.rookery.store.AppendResult;
import dev.rookery.store.Database;
import dev.rookery.store.DelegatingDatabase;
import dev.rookery.store.Dialect;
import dev.rookery.store.Rows;
import dev.rookery.store.Transaction;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A database as a node sees it that is killed between two statements of a transaction, or after the
 * commit and before it learns of it. From then on everything fails; the next run of the node has
 * another one.
 */
public final class KilledDatabase extends DelegatingDatabase {
  private final AtomicInteger left = new AtomicInteger(Integer.MAX_VALUE);
  private volatile boolean killed;

  /** The node does not live any more. */
  public static final class KilledException extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  public KilledDatabase(Database database) {
    super(database);
  }

  /** Kills the node before a statement, counted from 0, where each commit counts as one more. */
  public void killAt(int statement) {
    left.set(statement);
  }

  public boolean isKilled() {
    return killed;
  }

  private void step() {
    if (killed || left.getAndDecrement() <= 0) {
      killed = true;
      throw new KilledException();
    }
  }

  @Override
  public Rows read(String sql, @Nullable Object... values) {
    if (killed) {
      throw new KilledException();
    }
    return database.read(sql, values);
  }

  @Override
  public <T> T write(Function<Transaction, T> work) {
    T done = database.write(tx -> work.apply(new KilledTransaction(tx)));
    step();
    return done;
  }

  private final class KilledTransaction implements Transaction {
    private final Transaction tx;

    KilledTransaction(Transaction tx) {
      this.tx = tx;
    }

    @Override
    public Rows run(String sql, @Nullable Object... values) {
      step();
      return tx.run(sql, values);
    }

    @Override
    public AppendResult append(String stream, Event event) {
      step();
      return tx.append(stream, event);
    }

    @Override
    public boolean isConsumed(Class<? extends Event> type) {
      return tx.isConsumed(type);
    }

    @Override
    public Instant now() {
      return tx.now();
    }

    @Override
    public Dialect dialect() {
      return tx.dialect();
    }
  }
}
