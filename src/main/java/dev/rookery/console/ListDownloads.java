package dev.rookery.console;

import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Downloads of lists on this node. The audit log has an entry when a download begins, with what was
 * searched for, and one with the number of rows when it ends. At most {@value #AT_ONCE} are sent at
 * a time; further ones are refused.
 */
public final class ListDownloads {
  /** How many are sent at a time. */
  public static final int AT_ONCE = 4;

  private static final Logger LOG = LoggerFactory.getLogger(ListDownloads.class);
  private static final Duration RETRY = Duration.ofSeconds(10);

  private final Semaphore slots = new Semaphore(AT_ONCE);

  /**
   * Begins a download, which the caller must {@link Download#end end}. {@code
   * Limited("too_many_exports")}.
   *
   * @param actor the admin
   * @param format for the audit log
   */
  public <T> Download<T> begin(Bus bus, Actor actor, ListSelection<T> selection, String format) {
    if (!slots.tryAcquire()) {
      throw new Refused(new Refusal.Limited("too_many_exports", RETRY));
    }
    return new Download<>(this, bus, actor, selection, format);
  }

  /** A download that is sent. */
  public static final class Download<T> {
    private final ListDownloads downloads;
    private final Bus bus;
    private final Actor actor;
    private final ListSelection<T> selection;
    private final String format;
    private final AtomicLong sent = new AtomicLong();
    private final AtomicBoolean ended = new AtomicBoolean();

    private Download(
        ListDownloads downloads, Bus bus, Actor actor, ListSelection<T> selection, String format) {
      this.downloads = downloads;
      this.bus = bus;
      this.actor = actor;
      this.selection = selection;
      this.format = format;
    }

    /** Records that it begins; no row is read before. */
    public Future<?> record() {
      return record("console_export_", Map.of("query", selection.query(), "format", format));
    }

    /** Reads rows as {@link ListSelection.Rows#read} does, and counts them. */
    public Future<List<T>> read(@Nullable T last, int max) {
      return selection
          .rows()
          .read()
          .apply(last, max)
          .onSuccess(items -> sent.addAndGet(items.size()));
    }

    /** Makes room for another download. Only the first call counts. */
    public void end() {
      if (ended.compareAndSet(false, true)) {
        downloads.slots.release();
        record("console_exported_", Map.of("rows", sent.get()))
            .onFailure(
                failure ->
                    LOG.warn("cannot record the end of an export in the audit log", failure));
      }
    }

    private Future<?> record(String action, Map<String, @Nullable Object> values) {
      String area = selection.area();
      var change = new AuditedChange(actor, action + area, area, values);
      return bus.ask(new ConsoleCommand.Record(change, AuditEntry.DONE));
    }
  }
}
