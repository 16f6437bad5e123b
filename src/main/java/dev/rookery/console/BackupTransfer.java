package dev.rookery.console;

import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads files of backups that other nodes keep, over the bus: a part at a time, at most {@value
 * #PART_BYTES} bytes, each when it is asked for. So neither node has more than a part of a file in
 * memory, and a client that reads slowly slows down the other node.
 *
 * <p>At most {@value #READS_MAX} parts are waited for, and read for others, at a time. The node
 * that reads keeps nothing between two parts.
 */
final class BackupTransfer {
  private static final Logger LOG = LoggerFactory.getLogger(BackupTransfer.class);
  private static final String REQUESTS = "console.backups.read.";
  private static final String ANSWERS = "console.backups.part.";
  private static final Duration WITHIN = Duration.ofSeconds(10);
  private static final int PART_BYTES = 1 << 18;
  private static final int READS_MAX = 64;
  private static final int HEADER_BYTES = 2 * Long.BYTES;
  private static final long NOT_FOUND = -1;

  /**
   * A part of a file.
   *
   * @param total how long the file is
   */
  record Part(long total, Buffer bytes) {}

  private final Vertx vertx;
  private final Bus bus;
  private final String node;
  private final BackupFiles files;
  private final Map<Long, Promise<Part>> waiting = new ConcurrentHashMap<>();
  private final AtomicLong ids = new AtomicLong();
  private final Semaphore reads = new Semaphore(READS_MAX);

  /**
   * @param node the name of this node
   * @param files those that this node keeps
   */
  BackupTransfer(Vertx vertx, Bus bus, String node, BackupFiles files) {
    this.vertx = vertx;
    this.bus = bus;
    this.node = node;
    this.files = files;
  }

  /** Listens on the context of the calling verticle. */
  Future<Void> start() {
    return Future.all(
            bus.listen(REQUESTS + node, this::onRequest), bus.listen(ANSWERS + node, this::onPart))
        .mapEmpty();
  }

  /**
   * Reads a part of a file of another node. {@code Missing("backup_not_found")} if it has none; see
   * {@link #silent} for when it does not answer.
   *
   * @param offset where the part begins
   * @param max how many bytes it has at most; 0 to find out how long the file is
   */
  Future<Part> read(String from, String file, long offset, int max) {
    if (waiting.size() >= READS_MAX) {
      return Future.failedFuture(new Refused(new Refusal.Limited("too_many_exports", WITHIN)));
    }
    var context = (ContextInternal) vertx.getOrCreateContext();
    Promise<Part> part = context.promise();
    long id = ids.incrementAndGet();
    waiting.put(id, part);
    long timer = vertx.setTimer(WITHIN.toMillis(), _ -> part.tryFail(silent(from)));
    bus.broadcast(
        REQUESTS + from,
        new JsonObject()
            .put("id", id)
            .put("from", node)
            .put("file", file)
            .put("offset", offset)
            .put("max", Math.min(max, PART_BYTES))
            .toBuffer());
    return part.future()
        .onComplete(
            _ -> {
              vertx.cancelTimer(timer);
              waiting.remove(id);
            });
  }

  /** As {@link #read(String, String, long, int)}, as much as one message takes. */
  Future<Buffer> read(String from, String file, long offset) {
    return read(from, file, offset, PART_BYTES).map(Part::bytes);
  }

  /** {@code Denied("backup_node_silent")} with the name of the node. */
  static Refused silent(String node) {
    return new Refused(new Refusal.Denied("backup_node_silent", Map.of("node", node)));
  }

  private void onRequest(Buffer message) {
    JsonObject request = message.toJsonObject();
    if (!reads.tryAcquire()) {
      LOG.warn("too many parts of backups are read; {} is not answered", request.getString("from"));
      return;
    }
    Thread.ofVirtual()
        .name("backup-part")
        .start(
            () -> {
              try {
                bus.broadcast(ANSWERS + request.getString("from"), answer(request));
              } finally {
                reads.release();
              }
            });
  }

  private Buffer answer(JsonObject request) {
    Buffer answer = Buffer.buffer().appendLong(request.getLong("id"));
    Path file = files.find(request.getString("file")).orElse(null);
    if (file == null) {
      return answer.appendLong(NOT_FOUND);
    }
    try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
      var bytes = ByteBuffer.allocate(Math.clamp(request.getInteger("max"), 0, PART_BYTES));
      long offset = request.getLong("offset");
      while (bytes.hasRemaining() && channel.read(bytes, offset + bytes.position()) > 0) {
        // Until the part is full, or the file ends.
      }
      return answer.appendLong(channel.size()).appendBytes(bytes.array(), 0, bytes.position());
    } catch (IOException failure) {
      LOG.warn("the backup {} cannot be read: {}", file, failure.toString());
      return answer.appendLong(NOT_FOUND);
    }
  }

  private void onPart(Buffer message) {
    Promise<Part> part = waiting.get(message.getLong(0));
    if (part == null) {
      return;
    }
    long total = message.getLong(Long.BYTES);
    if (total == NOT_FOUND) {
      part.tryFail(Refused.missing("backup_not_found"));
    } else {
      part.tryComplete(new Part(total, message.slice(HEADER_BYTES, message.length())));
    }
  }
}
