package dev.rookery.store;

import dev.rookery.base.Event;
import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.trace.Span;
import dev.rookery.trace.Span.Kind;
import dev.rookery.trace.Span.Outcome;
import java.time.Instant;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A database that adds what is asked of it to the trace of the command that asks: reads, units of
 * work, and the statements of these. Of a statement a trace has its kind and its table, and neither
 * its text nor a value. What is not traced goes to the database as it is.
 */
public final class TracedDatabase extends DelegatingDatabase {
  private static final Pattern KIND = Pattern.compile("\\s*(\\w{1,20})");
  private static final Pattern TABLE =
      Pattern.compile(
          "\\b(?:FROM|INTO|UPDATE)\\s+([a-z_][a-z0-9_]{0,59})", Pattern.CASE_INSENSITIVE);
  private static final String UNIT_OF_WORK = "unit of work";

  public TracedDatabase(Database database) {
    super(database);
  }

  @Override
  public Rows read(String sql, @Nullable Object... values) {
    Span span = begin(Kind.READ, sql);
    return span == null
        ? database.read(sql, values)
        : traced(span, () -> database.read(sql, values));
  }

  @Override
  public <T> T write(Function<Transaction, T> work) {
    Span caller = Span.current();
    Span span = caller == null ? null : caller.begin(Kind.WRITE, UNIT_OF_WORK);
    if (span == null) {
      return database.write(work);
    }
    Function<Transaction, T> unit = within(span, work);
    return traced(span, () -> database.write(unit));
  }

  private static <T> Function<Transaction, T> within(Span unit, Function<Transaction, T> work) {
    return tx -> {
      unit.worked();
      return work.apply(new TracedTransaction(tx, unit));
    };
  }

  private static @Nullable Span begin(Kind kind, String sql) {
    Span caller = Span.current();
    return caller == null ? null : caller.begin(kind, name(sql));
  }

  private static <T> T traced(Span span, Supplier<T> work) {
    try {
      T result = work.get();
      span.end(Outcome.DONE);
      return result;
    } catch (RuntimeException | Error failure) {
      span.end(outcome(failure));
      throw failure;
    }
  }

  private static Outcome outcome(Throwable failure) {
    boolean refused =
        failure instanceof Refused one && !(one.refusal() instanceof Refusal.Unavailable);
    return refused ? Outcome.REFUSED : Outcome.FAILED;
  }

  /** The kind of a statement and the first table that it names. */
  static String name(String sql) {
    Matcher kind = KIND.matcher(sql);
    String word = kind.lookingAt() ? kind.group(1).toUpperCase(Locale.ROOT) : "statement";
    Matcher table = TABLE.matcher(sql);
    return table.find() ? word + " " + table.group(1).toLowerCase(Locale.ROOT) : word;
  }

  /** Adds the statements to the span of their unit of work. */
  private record TracedTransaction(Transaction tx, Span unit) implements Transaction {
    @Override
    public Rows run(String sql, @Nullable Object... values) {
      Span span = unit.begin(Kind.STATEMENT, name(sql));
      return span == null ? tx.run(sql, values) : traced(span, () -> tx.run(sql, values));
    }

    @Override
    public AppendResult append(String stream, Event event) {
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
