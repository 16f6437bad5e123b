package dev.rookery.webrtc;

import dev.onvoid.webrtc.PeerConnectionFactory;
import dev.onvoid.webrtc.PeerConnectionObserver;
import dev.onvoid.webrtc.PortAllocatorConfig;
import dev.onvoid.webrtc.RTCConfiguration;
import dev.onvoid.webrtc.RTCIceServer;
import dev.onvoid.webrtc.media.audio.HeadlessAudioDeviceModule;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The native WebRTC library: one instance with three threads of its own, whatever the number of
 * peers. One signals, one works, one reads and writes the network.
 *
 * <p>The library (0.14.0) keeps a few objects on the heap for each message that it has received,
 * until its threads end. So an instance serves a limited number of messages: then new peers get
 * another one, and it is closed with the last of its own. Thread-safe.
 */
final class NativeLibrary {
  private static final Logger LOG = LoggerFactory.getLogger(NativeLibrary.class);

  private final PeerConnectionFactory factory;
  private final RTCConfiguration configuration;
  private final long messagesMax;
  private final AtomicLong received = new AtomicLong();
  private int users;
  private boolean retired;

  private NativeLibrary(
      PeerConnectionFactory factory, RTCConfiguration configuration, long messagesMax) {
    this.factory = factory;
    this.configuration = configuration;
    this.messagesMax = messagesMax;
  }

  /**
   * Starts an instance; null if the library does not run here. The first takes half a second.
   *
   * @param messagesMax after how many messages no new peers are opened; after twice as many the
   *     peers that are left end
   */
  static @Nullable NativeLibrary start(PeerSettings settings, long messagesMax) {
    try {
      var factory = new PeerConnectionFactory(new HeadlessAudioDeviceModule());
      return new NativeLibrary(factory, configuration(settings), messagesMax);
    } catch (LinkageError | RuntimeException missing) {
      // Most often a system library is missing. Its name is in the message.
      LOG.warn("WebRTC is not available here, offers are refused: {}", missing.toString());
      return null;
    }
  }

  private static RTCConfiguration configuration(PeerSettings settings) {
    var configuration = new RTCConfiguration();
    for (IceServer server : settings.iceServers()) {
      var ice = new RTCIceServer();
      ice.urls = server.urls();
      ice.username = server.username() == null ? "" : server.username();
      ice.password = server.credential() == null ? "" : server.credential();
      configuration.iceServers.add(ice);
    }
    var ports = new PortAllocatorConfig();
    ports.minPort = settings.portMin();
    ports.maxPort = settings.portMax();
    ports.setEnableIpv6(true);
    ports.setEnableSharedSocket(true);
    // A client that can reach nothing but TCP has its WebSocket.
    ports.setDisableTcp(true);
    configuration.portAllocatorConfig = ports;
    return configuration;
  }

  /**
   * Opens a connection, for which the instance stays open until {@link #release}; null if it is
   * retired, so that another instance opens it.
   */
  synchronized @Nullable NativeConnection open(PeerConnectionObserver observer) {
    if (retired) {
      return null;
    }
    NativeConnection opened = NativeConnection.open(factory, configuration, observer);
    NativeDestructors.skipAtExit();
    users++;
    return opened;
  }

  /** A connection is closed. */
  synchronized void release() {
    users--;
    closeIfUnused();
  }

  /** No more connections are opened; the instance closes with the last that is open. */
  synchronized void retire() {
    if (!retired) {
      retired = true;
      closeIfUnused();
    }
  }

  private void closeIfUnused() {
    if (retired && users == 0) {
      factory.dispose();
    }
  }

  /** Counts a message of a client; false if the instance has received too many. */
  boolean countReceived() {
    return received.incrementAndGet() <= 2 * messagesMax;
  }

  /** Whether new peers should get another instance. */
  boolean isWorn() {
    return received.get() >= messagesMax;
  }
}
