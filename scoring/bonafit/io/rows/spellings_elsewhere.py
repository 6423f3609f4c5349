"""The names of fields in further languages: Dutch, Polish, Swedish, Danish, Norwegian, Finnish, Czech, Hungarian, Romanian,
Greek, Hebrew, Turkish, Russian, Ukrainian, Japanese, Korean, Chinese, Arabic, Thai, Hindi and Vietnamese. Words that mean something else in the languages of `rows.spellings` are left out.
"""

CREATORS = {
    "handle": "gebruikersnaam, nazwa użytkownika, användarnamn, brugernavn, kullanıcı adı, kullanici adi, ник, никнейм, логин, имя пользователя, "
    "юзернейм, ユーザー名, ユーザーネーム, ユーザid, ユーザーid, アカウントid, 아이디, 사용자명, 계정명, 用户名, 账号, 帐号, 帳號, 用戶名, 小红书号, 抖音号, "
    "达人账号, اسم المستخدم, المعرف, اليوزر, ชื่อผู้ใช้, यूज़रनेम, उपयोगकर्ता नाम, tên người dùng, brukernavn, käyttäjänimi, uživatelské jméno, používateľské meno, felhasználónév, nume utilizator, utilizator, nume de utilizator, όνομα χρήστη, שם משתמש, нікнейм, нік, ім'я користувача, пользователь, ig-namn, kullanıcı",
    "display_name": "название, название канала, назва каналу, volledige naam, imię i nazwisko, fullständigt namn, ad soyad, имя, полное имя, имя и фамилия, 名前, アカウント名, 表示名, 이름, 성명, "
    "채널명, 昵称, 暱稱, 名称, 达人昵称, 博主昵称, الاسم, الاسم الكامل, ชื่อ, नाम, tên, họ tên, naam, navn, fulde navn, fullt navn, nimi, jméno, celé jméno, meno, név, teljes név, nume, nume complet, όνομα, ονοματεπώνυμο, שם, שם מלא, namn, ім'я, повне ім'я, isim, tam ad, фио, 姓名, 网名, ชื่อ-นามสกุล",
    "account": "profiel, profil instagram, блогер, блоггер, инфлюенсер, аккаунт, профиль, インフルエンサー, アカウント, 인플루언서, 계정, 达人, 博主, 网红, المؤثر, "
    "الحساب, อินฟลูเอนเซอร์, इन्फ्लुएंसर, hesap, profil sayfası, खाता, účet, fiók, λογαριασμός, חשבון, акаунт, блогери, tili, konto navn",
    "bio": "biografi, opis profilu, opis, biyografi, hakkında, описание, о себе, био, 自己紹介, プロフィール, プロフィール文, 소개, 자기소개, 프로필, 简介, 簡介, "
    "个人简介, 账号简介, نبذة, السيرة, السيرة الذاتية, คำอธิบาย, ประวัติ, बायो, tiểu sử, giới thiệu, beskrivelse, beskrivning, kuvaus, popis, bemutatkozás, leírás, descriere, βιογραφικό, περιγραφή, ביו, תיאור, опис, про себе, profilbeskrivelse",
    "followers": "följare, følgere, aantal volgers, liczba obserwujących, obserwatorzy, takipçiler, takipci, takipci sayisi, подписчики, подписчиков, "
    "количество подписчиков, フォロワー, フォロワー数, チャンネル登録者数, 登録者数, 팔로워, 팔로워 수, 구독자, 구독자 수, 粉丝, 粉丝数, 粉丝量, 粉絲, 粉絲數, 粉丝总量, "
    "المتابعون, المتابعين, عدد المتابعين, متابعين, ผู้ติดตาม, จำนวนผู้ติดตาม, फ़ॉलोअर, फ़ॉलोअर्स, फॉलोअर्स, người theo dõi, lượt theo dõi, antal följare, antall følgere, antal følgere, seuraajat, seuraajia, sledující, sledovatelé, počet sledujících, sledovatelia, követők, követők száma, követő, urmăritori, număr urmăritori, ακόλουθοι, עוקבים, מספר עוקבים, підписники, підписників, кількість підписників, số người theo dõi, số lượng follower, seguidoras",
    "following": "volgend, följer, følger, obserwuje, takip edilen, takip ettikleri, подписки, フォロー, フォロー数, フォロー中, 팔로잉, 팔로잉 수, 关注, 关注数, "
    "關注, يتابع, กำลังติดตาม, đang theo dõi, seuratut, sleduje, sledované, követett, urmăriți, ακολουθεί, נעקבים, підписки",
    "posts_count": "aantal berichten, berichten, liczba postów, posty, inlägg, opslag, gönderi, gönderiler, gönderi sayısı, публикации, публикаций, "
    "количество публикаций, посты, видео, всего видео, количество видео, відео, 投稿数, 投稿, 게시물, 게시물 수, 作品数, 笔记数, 帖子数, 视频数, المنشورات, عدد المنشورات, โพสต์, จำนวนโพสต์, पोस्ट, bài viết, innlegg, julkaisut, příspěvky, bejegyzések, postări, δημοσιεύσεις, פוסטים, дописи",
    "verified": "geverifieerd, zweryfikowany, verifierad, verificeret, doğrulanmış, верифицирован, верификация, 認証済み, 認証, 인증, 인증 여부, 认证, "
    "已认证, موثق, ยืนยันแล้ว",
    "is_private": "konto prywatne, prywatne, gizli, закрытый, приватный, 非公開, 비공개, 私密, خاص",
    "external_url": "strona www, webbplats, hjemmeside, web sitesi, сайт, ウェブサイト, 웹사이트, 网站, الموقع",
    "category": "categorie, kategoria, категория, тематика, カテゴリ, カテゴリー, ジャンル, 카테고리, 분야, 类目, 分类, 领域, 类别, الفئة, หมวดหมู่, श्रेणी, thématique, thematique, settore, nicho, themen, themenfeld, themengebiet, branche, kategoria treści, téma, obor, kategória, categorie nișă, κατηγορία, קטגוריה, категорія, 风格, 品类",
    "country": "kraj, ülke, страна, 国, 国名, 국가, 国家, 地区, 國家, الدولة, البلد, ประเทศ, देश, quốc gia, wohnort, standort, nazione, domisili, land/ort, cidade/estado, země, krajina, ország, țara, χώρα, מדינה, maa, країна, 所在地, 居住地",
    "language": "taal, język, språk, sprog, dil, язык, 言語, 언어, 语言, 語言, اللغة, ภาษา, भाषा, ngôn ngữ",
    "price": "prijs, tarief, prijs per post, cena, cena za post, pris, ücret, fiyat, цена, стоимость, цена за пост, стоимость поста, 料金, 単価, "
    "投稿単価, 가격, 단가, 비용, 报价, 价格, 图文报价, 視頻報價, السعر, ราคา, कीमत, giá, cachê, cache, valor, valor do post, valor por post, cachê por post, hinta, preț, τιμή, מחיר, ціна, taxa por post, kosten",
    "currency": "para birimi, валюта, 通貨, 통화, 币种, العملة, สกุลเงิน",
    "platform": "platforma, платформа, соцсеть, プラットフォーム, 媒体, sns, 플랫폼, 매체, 平台, المنصة, แพลตฟอร์ม, प्लेटफ़ॉर्म, nền tảng, platform adı, alusta, πλατφόρμα, פלטפורמה",
    "profile_url": "profiellink, link do profilu, profillänk, profil linki, ссылка, ссылка на профиль, リンク, プロフィールurl, 링크, 프로필 링크, 주소, 链接, "
    "主页链接, 連結, الرابط, رابط الحساب, ลิงก์, लिंक, liên kết",
}  # fmt: skip
POSTS = {
    "post_id": "link do posta, gönderi linki, ссылка на пост, ссылка на публикацию, 投稿url, 게시물 링크, 作品链接, 笔记链接",
    "posted_at": "datum geplaatst, data publikacji, publicerad, yayın tarihi, tarih, дата, дата публикации, 投稿日, 投稿日時, 日時, 日付, 게시일, 작성일, "
    "날짜, 업로드일, 发布时间, 发布日期, 日期, 時間, تاريخ النشر, التاريخ, วันที่, तारीख, ngày đăng, veröffentlicht am, datum der veröffentlichung, publicatiedatum, publiceringsdatum, päivämäärä, dato, dátum, ημερομηνία, תאריך, data publicării, дата публікації, ngày",
    "caption": "bijschrift, tekst, treść, treść posta, bildtext, metin, açıklama, gönderi metni, текст, текст поста, подпись, キャプション, 本文, 投稿内容, "
    "내용, 본문, 캡션, 正文, 文案, 内容, 笔记内容, النص, الوصف, แคปชั่น, ข้อความ, कैप्शन, beitragstext, opis, beskrivning, beskrivelse, kuvaus, popisek, popis, leírás, szöveg, descriere, λεζάντα, κείμενο, כיתוב, טקסט, підпис, opis posta, 描述, 描述内容, विवरण, mô tả, nội dung",
    "title": "tytuł, başlık, заголовок, タイトル, 제목, 标题, 標題, 笔记标题, العنوان",
    "tags": "hasztagi, hashtagi, хэштеги, хештеги, ハッシュタグ, 해시태그, 话题, 标签, الوسوم",
    "likes": "vind-ik-leuks, polubienia, liczba polubień, gillningar, beğeni, beğeniler, beğeni sayısı, лайки, лайков, いいね, いいね数, いいね!, 좋아요, "
    "좋아요 수, 点赞, 点赞数, 点赞量, 按讚數, 讚, الإعجابات, اعجابات, ถูกใจ, ยอดไลก์, लाइक, lượt thích, gefällt-mir, likes anzahl, tykkäykset, tykkäyksiä, liker, synes godt om, to se mi líbí, lajky, kedvelések, kedvelés, aprecieri, μου αρέσει, לייקים, вподобання, lubię to, 赞, 喜欢",
    "comments": "reacties, opmerkingen, komentarze, liczba komentarzy, kommentarer, yorum, yorumlar, yorum sayısı, комментарии, комментариев, コメント, "
    "コメント数, 댓글, 댓글 수, 评论, 评论数, 评论量, 留言數, التعليقات, ความคิดเห็น, टिप्पणियाँ, bình luận, kommentit, komentáře, hozzászólások, megjegyzések, comentarii, σχόλια, תגובות, коментарі, kommentarer antal, yorum adedi",
    "views": "weergaven, wyświetlenia, visningar, visninger, görüntülenme, izlenme, просмотры, просмотров, 再生数, 再生回数, 視聴回数, 閲覧数, 조회수, 조회, "
    "재생수, 播放量, 播放数, 阅读量, 观看量, 浏览量, المشاهدات, ยอดวิว, व्यूज़, lượt xem, katselut, zhlédnutí, megtekintések, vizualizări, προβολές, צפיות, перегляди, video aufrufe, ansichten",
    "shares": "gedeeld, udostępnienia, delningar, paylaşım, репосты, поделились, シェア, シェア数, 공유, 공유 수, 分享, 分享数, 转发, 转发数, المشاركات, แชร์, chia sẻ",
    "saves": "opgeslagen, zapisania, zapisy, sparade, kaydetme, сохранения, 保存数, 保存, 저장, 저장 수, 收藏, 收藏数, 收藏量, الحفظ, บันทึก",
    "kind": "typ posta, gönderi türü, тип, 種類, 유형, 类型, 笔记类型, نوع المنشور",
}  # fmt: skip
