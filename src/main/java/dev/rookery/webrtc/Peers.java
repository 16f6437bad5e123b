package dev.rookery.webrtc;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.Iterator;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The WebRTC peers of this node: at most {@link PeerSettings#peersMax} at a time. Thread-safe.
 *
 * <p>The native library is loaded with the first peer. It may be missing, or a system library that
 * it needs; then peers are refused, which {@code rookery.webrtc.available} shows.
 */
public final class Peers implements AutoCloseable {
  private static final int THREADS = 2;
  private static final int CLOSE_WITHIN_SECONDS = 5;
  private static final long SAMPLE_EVERY_MS = 1_000;
  private static final int SAMPLES = 8;

  /** What the library keeps of a message on the heap, rounded up. */
  private static final long BYTES_KEPT = 80;

  private static final int HEAP_SHARE = 16;

  private final Vertx vertx;
  private final PeerSettings settings;
  private final PeerMeters meters;
  private final ExecutorService pool;
  private final Set<NativePeer> open = ConcurrentHashMap.newKeySet();
  private final AtomicInteger count = new AtomicInteger();
  private final long sampling;
  private final long messagesPerLibrary;
  private @Nullable NativeLibrary library;
  private volatile boolean missing;
  // When the library was loaded; negative before.
  private volatile long memoryBefore = -1;
  // Confined to the event loop of the timer.
  private Iterator<NativePeer> samples;

  public Peers(Vertx vertx, PeerSettings settings, MeterRegistry registry) {
    this(vertx, settings, registry, Runtime.getRuntime().maxMemory() / HEAP_SHARE / BYTES_KEPT);
  }

  /**
   * @param messagesPerLibrary how many messages one instance of the library receives before new
   *     peers get another one
   */
  Peers(Vertx vertx, PeerSettings settings, MeterRegistry registry, long messagesPerLibrary) {
    this.messagesPerLibrary = messagesPerLibrary;
    this.vertx = vertx;
    this.settings = settings;
    this.meters = new PeerMeters(registry);
    this.samples = open.iterator();
    var number = new AtomicInteger();
    this.pool =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            0,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task ->
                Thread.ofPlatform()
                    .daemon()
                    .name("webrtc-" + number.getAndIncrement())
                    .unstarted(task),
            // Of peers that are closed already.
            new ThreadPoolExecutor.DiscardPolicy());
    Gauge.builder("rookery.webrtc.peers", count::get)
        .description("WebRTC peers that are open or opening")
        .register(registry);
    Gauge.builder(
            "rookery.webrtc.peers.connected",
            () -> open.stream().filter(NativePeer::isConnected).count())
        .description("WebRTC peers that are connected to their clients")
        .register(registry);
    Gauge.builder("rookery.webrtc.available", () -> settings.enabled() && !missing ? 1 : 0)
        .description(
            "Whether clients may open WebRTC peers: 0 if disabled or the library is missing")
        .register(registry);
    if (NativeMemory.isKnown()) {
      Gauge.builder("rookery.webrtc.native.memory", this::nativeMemory)
          .baseUnit("bytes")
          .description(
              "Memory that native code has allocated since the WebRTC library was loaded, nearly"
                  + " all of it by that library")
          .register(registry);
    }
    this.sampling = vertx.setPeriodic(SAMPLE_EVERY_MS, _ -> sampleRoundTrips());
  }

  /** Whether a peer may be opened, as far as is known. */
  public Admission admission() {
    if (!settings.enabled() || missing) {
      return Admission.DISABLED;
    }
    return count.get() < settings.peersMax() ? Admission.OPEN : Admission.FULL;
  }

  /** Whether this node opens peers. */
  public enum Admission {
    OPEN,
    /** By configuration, or because the native library does not run here. */
    DISABLED,
    /** There are as many as there may be. */
    FULL
  }

  /**
   * Opens a peer, whose listener is called on the context.
   *
   * @param rateLimit counts a message of the client; false if it may not send it. Called on any
   *     thread.
   */
  public Peer open(Context context, PeerListener listener, BooleanSupplier rateLimit) {
    var peer =
        new NativePeer(
            this, settings, meters, new SerialExecutor(pool), context, listener, rateLimit);
    open.add(peer);
    count.incrementAndGet();
    peer.open();
    return peer;
  }

  void remove(NativePeer peer) {
    if (open.remove(peer)) {
      count.decrementAndGet();
    }
  }

  /**
   * The instance of the library for a new peer; null if the library does not run here. Starts one
   * if needed, and waits for that.
   */
  synchronized @Nullable NativeLibrary library() {
    NativeLibrary current = library;
    if (!missing && (current == null || current.isWorn())) {
      if (current != null) {
        current.retire();
      }
      if (memoryBefore < 0) {
        memoryBefore = NativeMemory.allocatedBytes();
      }
      current = NativeLibrary.start(settings, messagesPerLibrary);
      library = current;
      missing = current == null;
    }
    return current;
  }

  private long nativeMemory() {
    long before = memoryBefore;
    return before < 0 ? 0 : Math.max(0, NativeMemory.allocatedBytes() - before);
  }

  /** A few each time, so that the cost does not grow with their number. */
  private void sampleRoundTrips() {
    for (int i = 0; i < SAMPLES; i++) {
      if (!samples.hasNext()) {
        samples = open.iterator();
        return;
      }
      samples.next().sampleRoundTrip();
    }
  }

  /** Closes all peers, and waits until their memory is released. */
  @Override
  public void close() {
    vertx.cancelTimer(sampling);
    open.forEach(NativePeer::close);
    pool.shutdown();
    try {
      // An instance that is used by a thread when it closes would end the process.
      if (!pool.awaitTermination(CLOSE_WITHIN_SECONDS, TimeUnit.SECONDS)) {
        return;
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return;
    }
    synchronized (this) {
      if (library != null) {
        library.retire();
        library = null;
      }
    }
  }
}
