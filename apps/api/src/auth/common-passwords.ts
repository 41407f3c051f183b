/** The commonest passwords of at least eight characters, as lists of leaked ones have them year after year. */
export const commonPasswords: ReadonlySet<string> = new Set(
  `12345678 123456789 1234567890 123123123 11111111 00000000 88888888 87654321 12341234 password password1 password12
   password123 passw0rd p@ssw0rd p@ssword qwertyui qwertyuiop qwerty12 qwerty123 1qaz2wsx 1q2w3e4r 1q2w3e4r5t q1w2e3r4
   qazwsxedc asdfghjk asdfghjkl zxcvbnm1 zxcvbnm123 abcd1234 abc12345 abcdefgh iloveyou iloveyou1 sunshine princess
   football baseball basketball superman batman123 welcome1 welcome123 admin123 administrator letmein1 letmein123
   trustno1 starwars whatever computer internet michelle jennifer corvette mercedes samantha elephant dragon123
   monkey123 master123 shadow123 changeme changeme1 secret123 test1234 testtest user1234 guest123 default1 123qwerty
   qwer1234 asdf1234 zaq12wsx 1234qwer 147258369 987654321 12121212 66666666 99999999 11223344 a1234567 a12345678
   aa123456 123456789a 123456aa google123 facebook liverpool charlie1 jordan23 passport hello123 hunter22`.split(
    /\s+/,
  ),
);
