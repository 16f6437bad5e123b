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

  private final Vertx vertx;
  private final PeerSettings settings;
  private final PeerMeters meters;
  private final ExecutorService pool;
  private final Set<NativePeer> open = ConcurrentHashMap.newKeySet();
  private final AtomicInteger count = new AtomicInteger();
  private final long sampling;
  private @Nullable NativeLibrary library;
  private volatile boolean loaded;
  private volatile boolean missing;
  private Iterator<NativePeer> samples;

  public Peers(Vertx vertx, PeerSettings settings, MeterRegistry registry) {
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
    Gauge.builder("rookery.webrtc.available", () -> settings.enabled() && !missing ? 1 : 0)
        .description(
            "Whether clients may open WebRTC peers: 0 if disabled or the library is missing")
        .register(registry);
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

  /** The library; null if it does not run here. Loads it when called first, and waits for that. */
  synchronized @Nullable NativeLibrary library() {
    if (!loaded) {
      loaded = true;
      library = NativeLibrary.load(settings);
      missing = library == null;
    }
    return library;
  }

  /** A few each time, so that the cost does not grow with their number. */
  private synchronized void sampleRoundTrips() {
    if (open.isEmpty()) {
      return;
    }
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
    boolean ended = false;
    try {
      ended = pool.awaitTermination(CLOSE_WITHIN_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    synchronized (this) {
      // Released while a thread uses it, it would end the process.
      if (ended && library != null) {
        library.close();
        library = null;
      }
    }
  }
}
