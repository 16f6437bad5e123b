package dev.rookery.webrtc;

import dev.onvoid.webrtc.CreateSessionDescriptionObserver;
import dev.onvoid.webrtc.PeerConnectionObserver;
import dev.onvoid.webrtc.RTCAnswerOptions;
import dev.onvoid.webrtc.RTCDataChannel;
import dev.onvoid.webrtc.RTCIceCandidate;
import dev.onvoid.webrtc.RTCPeerConnection;
import dev.onvoid.webrtc.RTCPeerConnectionState;
import dev.onvoid.webrtc.RTCSdpType;
import dev.onvoid.webrtc.RTCSessionDescription;
import dev.onvoid.webrtc.RTCStats;
import dev.onvoid.webrtc.RTCStatsType;
import dev.onvoid.webrtc.SetSessionDescriptionObserver;
import dev.rookery.base.FatalErrors;
import io.micrometer.core.instrument.Counter;
import io.vertx.core.Context;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A peer of the native library.
 *
 * <p>Calls into the library may wait for its threads, so they are made on an executor and never on
 * an event loop. Its callbacks come on its signalling thread; they copy what they are given and
 * hand it to the context of the listener.
 */
final class NativePeer implements Peer {
  /** Candidates of a client that are used. */
  static final int CANDIDATES_MAX = DataChannelOffer.CANDIDATES_MAX;

  private static final Logger LOG = LoggerFactory.getLogger(NativePeer.class);

  /** Messages on their way from the library to the listener, for nodes without a rate limit. */
  private static final int RECEIVING_MAX = 4_096;

  private final Peers peers;
  private final PeerSettings settings;
  private final PeerMeters meters;
  private final SerialExecutor executor;
  private final Context context;
  private final PeerListener listener;
  private final BooleanSupplier rateLimit;
  private final NativeChannels channels;
  private final AtomicInteger candidates = new AtomicInteger();
  private final AtomicInteger receiving = new AtomicInteger();
  private final Observer observer = new Observer(this);

  private volatile @Nullable NativeLibrary library;
  private @Nullable NativeConnection connection;
  private @Nullable List<RTCIceCandidate> early = new ArrayList<>();
  private volatile boolean limited;
  private volatile boolean connected;
  private volatile boolean closed;
  private volatile long connectTimer = -1;

  /**
   * @param rateLimit counts a message of the client; false if it may not send it
   */
  NativePeer(
      Peers peers,
      PeerSettings settings,
      PeerMeters meters,
      SerialExecutor executor,
      Context context,
      PeerListener listener,
      BooleanSupplier rateLimit) {
    this.peers = peers;
    this.settings = settings;
    this.meters = meters;
    this.executor = executor;
    this.context = context;
    this.listener = listener;
    this.rateLimit = rateLimit;
    this.channels = new NativeChannels(this, settings.queueBytesMax());
  }

  /** Opens the connection. */
  void open() {
    deliver(() -> listener.onState(PeerListener.State.NEW));
    execute(
        () -> {
          while (connection == null) {
            NativeLibrary current = peers.library();
            if (current == null) {
              fail("the library is not available");
              return;
            }
            library = current;
            connection = current.open(observer);
          }
        });
    connectTimer = later(settings.connectWithin().toMillis(), this::failUnlessConnected);
  }

  private void failUnlessConnected() {
    if (!connected) {
      fail("it has not connected in time");
    }
  }

  @Override
  public void offer(String sdp) {
    String used = DataChannelOffer.rewrite(sdp);
    execute(
        () -> {
          NativeConnection open = connection;
          if (used == null) {
            fail("the offer is not one of data channels");
          } else if (open != null) {
            byClient(
                () ->
                    open.get()
                        .setRemoteDescription(
                            new RTCSessionDescription(RTCSdpType.OFFER, used),
                            onSet(() -> execute(this::answer))),
                this::fail);
          }
        });
  }

  /**
   * The library (0.14.0) never releases the description that it creates, a few KB for each peer.
   */
  private void answer() {
    NativeConnection open = connection;
    List<RTCIceCandidate> waiting = early;
    early = null;
    if (open == null || waiting == null) {
      return;
    }
    waiting.forEach(candidate -> add(open.get(), candidate));
    open.get()
        .createAnswer(
            new RTCAnswerOptions(),
            new CreateSessionDescriptionObserver() {
              @Override
              public void onSuccess(RTCSessionDescription answer) {
                guard(() -> answered(answer));
              }

              private void answered(RTCSessionDescription answer) {
                // Before candidates are gathered, so that the client has the answer before them.
                deliver(() -> listener.onAnswer(answer.sdp));
                execute(
                    () -> {
                      NativeConnection still = connection;
                      if (still != null) {
                        still.get().setLocalDescription(answer, onSet(() -> {}));
                      }
                    });
              }

              @Override
              public void onFailure(String error) {
                guard(() -> fail(error));
              }
            });
  }

  private SetSessionDescriptionObserver onSet(Runnable next) {
    return new SetSessionDescriptionObserver() {
      @Override
      public void onSuccess() {
        guard(next);
      }

      @Override
      public void onFailure(String error) {
        guard(() -> fail(error));
      }
    };
  }

  @Override
  public void addCandidate(String candidate, String sdpMid, int sdpMLineIndex) {
    // An empty one says that there are no more.
    String used = CandidateText.rewrite(candidate);
    if (used == null
        || sdpMLineIndex != 0
        || !DataChannelOffer.isMid(sdpMid)
        || candidates.incrementAndGet() > CANDIDATES_MAX) {
      return;
    }
    var added = new RTCIceCandidate(sdpMid, 0, used);
    execute(
        () -> {
          NativeConnection open = connection;
          List<RTCIceCandidate> waiting = early;
          if (waiting != null) {
            waiting.add(added);
          } else if (open != null) {
            add(open.get(), added);
          }
        });
  }

  private static void add(RTCPeerConnection open, RTCIceCandidate candidate) {
    byClient(
        () -> open.addIceCandidate(candidate),
        why -> LOG.debug("a candidate of a client is ignored: {}", why));
  }

  /**
   * Hands the library what a client has written; it throws plain errors for what it cannot read.
   */
  private static void byClient(Runnable call, Consumer<String> malformed) {
    try {
      call.run();
    } catch (RuntimeException | Error failure) {
      FatalErrors.endIfFatal(failure);
      malformed.accept(String.valueOf(failure.getMessage()));
    }
  }

  /** Whether it has connected to its client, and is not closed since then. */
  boolean isConnected() {
    return connected && !closed;
  }

  @Override
  public boolean isOpen(String label) {
    return channels.find(label) != null;
  }

  @Override
  public boolean send(String label, DataMessage message) {
    NativeChannel channel = channels.find(label);
    if (closed || channel == null) {
      return false;
    }
    if (!channel.send(message)) {
      end(PeerListener.State.FAILED, meters.overflowed);
    }
    return true;
  }

  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      // It would keep this peer, and all that its listener refers to.
      context.owner().cancelTimer(connectTimer);
      executor.execute(this::dispose);
    }
  }

  private void dispose() {
    try {
      channels.dispose();
      NativeConnection open = connection;
      connection = null;
      observer.target = null;
      if (open != null) {
        open.close();
        Objects.requireNonNull(library).release();
      }
    } catch (RuntimeException | Error failure) {
      FatalErrors.endIfFatal(failure);
      LOG.error("a peer could not be closed", failure);
    } finally {
      // It counts until its memory is released, however fast clients open and close.
      peers.remove(this);
    }
  }

  /** Runs a task that releases memory of the library, on the executor and also after the end. */
  void release(Runnable task) {
    executor.execute(task);
  }

  /** Measures the round trip to the client; on any thread. */
  void sampleRoundTrip() {
    execute(
        () -> {
          NativeConnection open = connection;
          if (open != null && connected) {
            open.get()
                .getStats(
                    report ->
                        guard(() -> report.getStats().values().forEach(this::recordRoundTrip)));
          }
        });
  }

  private void recordRoundTrip(RTCStats stats) {
    if (stats.getType() == RTCStatsType.CANDIDATE_PAIR
        && Boolean.TRUE.equals(stats.getAttributes().get("nominated"))
        && stats.getAttributes().get("currentRoundTripTime") instanceof Double seconds) {
      meters.roundTrip.record((long) (seconds * 1e9), TimeUnit.NANOSECONDS);
    }
  }

  private void connectionChanged(RTCPeerConnectionState state) {
    switch (state) {
      case CONNECTING -> deliver(() -> listener.onState(PeerListener.State.CONNECTING));
      case CONNECTED -> {
        if (!connected) {
          connected = true;
          meters.connected.increment();
        }
        deliver(() -> listener.onState(PeerListener.State.CONNECTED));
      }
      case FAILED -> fail("the connection is lost");
      case CLOSED -> end(PeerListener.State.CLOSED, null);
      // It may come back, and fails otherwise.
      case NEW, DISCONNECTED -> {}
    }
  }

  private void onIceCandidate(RTCIceCandidate candidate) {
    String sdp = PublicAddress.replace(candidate.sdp, settings.publicAddress());
    deliver(() -> listener.onCandidate(sdp, candidate.sdpMid, candidate.sdpMLineIndex));
  }

  private void onDataChannel(RTCDataChannel opened) {
    if (!channels.add(opened)) {
      limit();
    }
  }

  /** Closes the peer of a client that does more than it may. */
  private void limit() {
    limited = true;
    end(PeerListener.State.RATE_LIMITED, meters.limited);
  }

  /** Runs what the library calls: an exception that reached it would end the process. */
  void guard(Runnable callback) {
    try {
      callback.run();
    } catch (RuntimeException | Error failure) {
      FatalErrors.endIfFatal(failure);
      LOG.warn("a peer has failed", failure);
      fail("a callback has failed");
    }
  }

  void onChannelOpen(NativeChannel channel) {
    deliver(() -> listener.onChannelOpen(channel.label()));
  }

  void onChannelClosed(NativeChannel channel) {
    channels.remove(channel);
    deliver(() -> listener.onChannelClosed(channel.label()));
  }

  /** Counts a message of the client before its bytes are copied; false if it is not read. */
  boolean admits(int bytes) {
    if (closed || limited) {
      return false;
    }
    if (!rateLimit.getAsBoolean() || receiving.get() >= RECEIVING_MAX) {
      limit();
      return false;
    }
    NativeLibrary current = library;
    if (current == null || !current.countReceived()) {
      // The client makes a new offer, and gets another instance.
      end(PeerListener.State.CLOSED, null);
      return false;
    }
    meters.received.increment();
    if (bytes > settings.messageBytesMax()) {
      meters.ignored.increment();
      return false;
    }
    return true;
  }

  void onMessage(String label, DataMessage message) {
    receiving.incrementAndGet();
    context.runOnContext(
        _ -> {
          receiving.decrementAndGet();
          if (!closed) {
            listener.onMessage(label, message);
          }
        });
  }

  private void fail(String why) {
    LOG.debug("a peer has failed: {}", why);
    end(PeerListener.State.FAILED, meters.failed);
  }

  /**
   * Closes the peer and tells the listener why. Of several reasons the first counts.
   *
   * @param outcome counts it; null if it is an ordinary end
   */
  private void end(PeerListener.State state, @Nullable Counter outcome) {
    deliver(
        () -> {
          close();
          if (outcome != null) {
            outcome.increment();
          }
          listener.onState(state);
        });
  }

  private void deliver(Runnable call) {
    context.runOnContext(
        _ -> {
          if (!closed) {
            call.run();
          }
        });
  }

  PeerMeters meters() {
    return meters;
  }

  /** Runs a task on the executor of this peer, unless it is closed by then. */
  void execute(Runnable task) {
    executor.execute(
        () -> {
          if (closed) {
            return;
          }
          try {
            task.run();
          } catch (RuntimeException | Error failure) {
            FatalErrors.endIfFatal(failure);
            LOG.warn("a peer has failed", failure);
            fail("the library has failed");
          }
        });
  }

  /** Runs a task later; returns the id of the timer. */
  long later(long delayMs, Runnable task) {
    return context.owner().setTimer(delayMs, _ -> execute(task));
  }

  /**
   * What the library calls. It may keep a reference for ever, so this does not keep the peer. An
   * exception would end the process, so none gets out.
   */
  private static final class Observer implements PeerConnectionObserver {
    private volatile @Nullable NativePeer target;

    Observer(NativePeer target) {
      this.target = target;
    }

    @Override
    public void onConnectionChange(RTCPeerConnectionState state) {
      NativePeer to = target;
      if (to != null) {
        to.guard(() -> to.connectionChanged(state));
      }
    }

    @Override
    public void onIceCandidate(RTCIceCandidate candidate) {
      NativePeer to = target;
      if (to != null) {
        to.guard(() -> to.onIceCandidate(candidate));
      }
    }

    @Override
    public void onDataChannel(RTCDataChannel opened) {
      NativePeer to = target;
      if (to != null) {
        to.guard(() -> to.onDataChannel(opened));
      }
    }
  }
}
