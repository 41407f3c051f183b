const rfc = (number: number, section: string) => ({
  name: `RFC ${number}, ${section}`,
  url: `https://www.rfc-editor.org/rfc/rfc${number}#section-${section}`,
});

type Explanation = { meaning: string; source?: { name: string; url: string } };

/** What each member of a token means, and the section that defines it. */
export const explanations: Record<string, Explanation> = {
  alg: { meaning: 'How it is signed', source: rfc(7515, '4.1.1') },
  typ: { meaning: 'Type; at+jwt is an access token', source: rfc(9068, '2.1') },
  kid: { meaning: 'Which key signed it', source: rfc(7515, '4.1.4') },
  iss: { meaning: 'Issuer: who created it', source: rfc(7519, '4.1.1') },
  aud: { meaning: 'Audience: who should accept it', source: rfc(7519, '4.1.3') },
  sub: { meaning: 'Subject: user ID number', source: rfc(7519, '4.1.2') },
  _uid: { meaning: 'User ID, a private claim', source: rfc(7519, '4.3') },
  sid: {
    meaning: 'Session; when it ends, the token is invalid',
    source: {
      name: 'OpenID Connect Front-Channel Logout, 3',
      url: 'https://openid.net/specs/openid-connect-frontchannel-1_0.html#OPLogout',
    },
  },
  jti: { meaning: "This token's own ID", source: rfc(7519, '4.1.7') },
  iat: { meaning: 'Issued at', source: rfc(7519, '4.1.6') },
  nbf: { meaning: 'Not before', source: rfc(7519, '4.1.5') },
  exp: { meaning: 'Expires at', source: rfc(7519, '4.1.4') },
};

/** Claims that are a time, in seconds since 1970 (a NumericDate). */
export const timeClaims: readonly string[] = ['iat', 'nbf', 'exp'];
