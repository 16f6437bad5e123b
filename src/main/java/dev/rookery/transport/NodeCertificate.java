package dev.rookery.transport;

import dev.rookery.bus.ClusterKey;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.EdECPrivateKeySpec;
import java.security.spec.NamedParameterSpec;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.DERGeneralizedTime;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x509.TBSCertificate;
import org.bouncycastle.asn1.x509.Time;
import org.bouncycastle.asn1.x509.V3TBSCertificateGenerator;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.signers.Ed25519Signer;

/**
 * The key pair and self-signed certificate that follow from a cluster's key: the same bytes on
 * every node, because Ed25519 signatures are deterministic. The certificate is compared as a whole,
 * so its names and dates have no meaning; it does not expire before the key is replaced.
 */
record NodeCertificate(PrivateKey privateKey, X509Certificate certificate) {
  private static final int SEED_BYTES = 32;
  // RFC 8410
  private static final AlgorithmIdentifier ED25519 =
      new AlgorithmIdentifier(new ASN1ObjectIdentifier("1.3.101.112"));

  static NodeCertificate derive(ClusterKey key) {
    byte[] seed = key.derive("bus certificate", SEED_BYTES);
    try {
      PrivateKey privateKey =
          KeyFactory.getInstance("Ed25519")
              .generatePrivate(new EdECPrivateKeySpec(NamedParameterSpec.ED25519, seed));
      byte[] encoded = encode(new Ed25519PrivateKeyParameters(seed), key.fingerprint());
      var certificate =
          (X509Certificate)
              CertificateFactory.getInstance("X.509")
                  .generateCertificate(new ByteArrayInputStream(encoded));
      return new NodeCertificate(privateKey, certificate);
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("every JDK has Ed25519", e);
    }
  }

  private static byte[] encode(Ed25519PrivateKeyParameters privateKey, String fingerprint)
      throws IOException {
    var name = new X500Name("CN=" + fingerprint + ",O=rookery");
    var generator = new V3TBSCertificateGenerator();
    generator.setSerialNumber(new ASN1Integer(1));
    generator.setSignature(ED25519);
    generator.setIssuer(name);
    generator.setSubject(name);
    generator.setStartDate(new Time(new DERGeneralizedTime("20000101000000Z")));
    generator.setEndDate(new Time(new DERGeneralizedTime("99991231235959Z")));
    generator.setSubjectPublicKeyInfo(
        new SubjectPublicKeyInfo(ED25519, privateKey.generatePublicKey().getEncoded()));
    TBSCertificate content = generator.generateTBSCertificate();
    byte[] bytes = content.getEncoded(ASN1Encoding.DER);
    var signer = new Ed25519Signer();
    signer.init(true, privateKey);
    signer.update(bytes, 0, bytes.length);
    var certificate = new ASN1EncodableVector();
    certificate.add(content);
    certificate.add(ED25519);
    certificate.add(new DERBitString(signer.generateSignature()));
    return new DERSequence(certificate).getEncoded(ASN1Encoding.DER);
  }
}
