package dev.rookery.config;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** WebRTC data channels between clients and the node. */
public record WebRtcConfig(
    @Setting(env = "WEBRTC_ENABLED") boolean enabled,
    @Setting(env = "WEBRTC_ICE_SERVERS") List<String> iceServers,
    @Setting(env = "WEBRTC_ICE_USERNAME") @Nullable String iceUsername,
    @Setting(env = "WEBRTC_ICE_CREDENTIAL") @Nullable Secret iceCredential,
    @Setting(env = "WEBRTC_PORTS") @Nullable String ports,
    @Setting(env = "WEBRTC_PUBLIC_IP") @Nullable String publicAddress,
    @Setting(max = 100_000) int peersMax,
    @Setting(min = 1_000, max = 300_000) Duration connectWithin,
    @Setting(max = 256 << 10) int messageBytesMax,
    @Setting(min = 1_024, max = 64 << 20) int queueBytesMax) {
  static final WebRtcConfig DEFAULTS =
      new WebRtcConfig(
          true,
          List.of("stun:stun.l.google.com:19302"),
          null,
          null,
          null,
          null,
          2_000,
          Duration.ofSeconds(30),
          64 << 10,
          1 << 20);

  private static final int PORT_MAX = 65_535;

  /** A range of UDP ports. */
  public record Ports(int min, int max) {
    /** The system chooses. */
    public static final Ports ANY = new Ports(0, 0);
  }

  /** The range of {@link #ports}; null if it is not one. */
  public @Nullable Ports portRange() {
    String text = ports;
    if (text == null) {
      return Ports.ANY;
    }
    String[] ends = text.split("-", -1);
    try {
      int min = Integer.parseInt(ends[0].strip());
      int max = Integer.parseInt(ends[ends.length - 1].strip());
      return ends.length <= 2 && min >= 1 && min <= max && max <= PORT_MAX
          ? new Ports(min, max)
          : null;
    } catch (NumberFormatException _) {
      return null;
    }
  }
}
