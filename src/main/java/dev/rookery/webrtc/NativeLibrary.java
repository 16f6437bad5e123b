package dev.rookery.webrtc;

import dev.onvoid.webrtc.PeerConnectionFactory;
import dev.onvoid.webrtc.PeerConnectionObserver;
import dev.onvoid.webrtc.PortAllocatorConfig;
import dev.onvoid.webrtc.RTCConfiguration;
import dev.onvoid.webrtc.RTCIceServer;
import dev.onvoid.webrtc.RTCPeerConnection;
import dev.onvoid.webrtc.media.audio.HeadlessAudioDeviceModule;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The native WebRTC library. It has three threads of its own, whatever the number of peers: one
 * signals, one works, one reads and writes the network.
 */
final class NativeLibrary implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(NativeLibrary.class);

  private final PeerConnectionFactory factory;
  private final RTCConfiguration configuration;

  private NativeLibrary(PeerConnectionFactory factory, RTCConfiguration configuration) {
    this.factory = factory;
    this.configuration = configuration;
  }

  /** Loads the library, which takes about half a second; null if it does not run here. */
  static @Nullable NativeLibrary load(PeerSettings settings) {
    try {
      var factory = new PeerConnectionFactory(new HeadlessAudioDeviceModule());
      return new NativeLibrary(factory, configuration(settings));
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

  /** Opens a connection; fails if the library has no memory or no socket left. */
  RTCPeerConnection open(PeerConnectionObserver observer) {
    RTCPeerConnection opened = factory.createPeerConnection(configuration, observer);
    if (opened == null) {
      throw new IllegalStateException("the library has opened no connection");
    }
    return opened;
  }

  @Override
  public void close() {
    factory.dispose();
  }
}
