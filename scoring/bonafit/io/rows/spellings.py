"""The names that fields go by in exports and hand-kept lists, in English and six more languages; the first of a list
wins over later ones. Further languages: `rows.spellings_elsewhere`; how names are compared: `rows.names`.
"""

from __future__ import annotations

from bonafit.io.rows import spellings_elsewhere
from bonafit.records import AudienceAccount, Comment, Creator, FollowerPoint, Post

# Fields that no record has, which reading turns into others:
#   first_name, last_name : the display name in two columns
#   profile_url      link to the profile: handle and platform
#   read_at          when the row was exported
#   hides_followers  the platform does not show the count
#   no_picture       the picture is the default one
#   account          handle or name, as lists call a column `Influencer`
#   pinned, hides_likes, hides_ratings (likes without views), hides_comments, is_video, owner_*: of a post
CREATOR_NAMES = {
    "creator_id": "creator_id, user_id, userid, account_id, channel_id, influencer_id, profile_id, kol_id, id_str, pk, id, igid, ig_id, "
    "external_id, creator id",
    "handle": "handle, screen_name, username, user_name, unique_id, uniqueid, account_username, platform_username, ig_handle, "
    "ig_username, instagram_handle, tiktok_handle, custom_url, channel_handle, uploader_id, login, user, user_posted, posted_by, nutzername, benutzername, "
    "benutzer, nom d'utilisateur, pseudo, usuario, nombre de usuario, nome de usuário, utente, nome utente, nama pengguna, "
    "nama akun, user handle, @, social handle, screenname, twitter_username, vanity, nick",
    "display_name": "display_name, full_name, name, nick_name, nickname, channel_title, channel_name, channel, account_name, "
    "profile_name, uploader, real_name, title, anzeigename, vollständiger name, nom complet, nom, nombre completo, nombre, "
    "nome completo, nome, nama lengkap, nama, user full name, page_name, name des creators, "
    "name des influencers, influencer_name, nome do influencer, nome do influenciador, nome do criador, nombre del influencer, nombre del creador, nom de l'influenceur, nom du créateur, nome dell'influencer, nome del creator, nama influencer, nama kreator, nom du createur",
    "first_name": "first_name, given_name, vorname, prénom, prenom, nombre de pila, primeiro nome, nama depan",
    "last_name": "last_name, surname, family_name, nachname, familienname, nom de famille, apellido, apellidos, sobrenome, cognome, nama belakang",
    "account": "creator, influencer, account, profile, profile name or handle, kol, talent, blogger, youtuber, tiktoker, streamer, konto, "
    "kanal, profil, compte, cuenta, perfil, conta, profilo, akun, créateur, creador, criador",
    "bio": "bio, biography, signature, introduction, about, about_me, description, profile_description, profile_text, bio_text, "
    "channel_description, biografie, biographie, biografía, biografia, über mich, profiltext, beschreibung, à propos, "
    "descripción, descrição, descrizione, deskripsi, profile_bio, user_bio, bio_description, tagline, intro, tell us about yourself, about yourself, page_description",
    "followers": "followers, follower, follower_count, followers_count, subscriber_count, subscribers, subscriber, subs, fans, fan, "
    "fan_count, edge_followed_by, followed_by, followers_total, abonnenten, abonnés, abonne, seguidores, suscriptores, inscritos, "
    "seguaci, iscritti, pengikut, subscriber_total, audience_size, takipçi, takipçi sayısı, volgers, obserwujący, followers_cnt, num_followers, followersnow, fans_count, followers_at_posting",
    "following": "following, followings, following_count, follows, followees, followed, friends, edge_follow, folgt, gefolgt, "
    "abonniert, folge ich, abonnements, suivis, seguindo, seguidos, siguiendo, seguiti, mengikuti, diikuti, follow_count, "
    "followed accounts, accounts followed, people they follow, people followed, people following, users followed",
    "posts_count": "posts_count, media_count, video_count, posts, post, media, medias, videos, video, post_count, tweets, tweet_count, statuses, "
    "uploads, aweme_count, beiträge, beitraege, publications, publicaciones, publicações, pubblicazioni, kiriman, postingan, "
    "reels, contents, number of uploads, content_count",
    "verified": "verified, is_verified, verified_badge, blue_tick, blue_verified, is_blue_verified, verifiziert, vérifié, certifié, "
    "verificado, verificato, terverifikasi, verification, is_official",
    "is_private": "is_private, private, private_account, account_private, privat, privé, privado, privato, pribadi, protected, secret, privates konto, compte privé",
    "has_picture": "has_picture, has_profile_picture, has_profile_pic",
    "no_picture": "has_anonymous_profile_picture, default_profile_image, default_avatar",
    "external_url": "external_url, website, bio_link, bio_links, external_urls, link_in_bio, webseite, site web, sitio web, sito web, "
    "situs web, homepage, biourl, external_link, bio_url",
    "category": "category, category_name, business_category_name, business_category, account_category, niche, vertical, kategorie, "
    "catégorie, categoría, categoria, kategori, nische, topics, topic, categories, genre, industry, interests, tema, thema, main_category, primary_category, content_category, category 1, main_niche, primary_niche, content_niche, niche 1, topic 1, themenbereich, hauptkategorie",
    "country": "country, country_code, country_name, land, pays, país, paese, negara, location_country, geo, market, markt, region, "
    "account_location, based_in, location, city_country, ländercode, land code",
    "language": "language, lang, language_code, sprache, langue, idioma, lingua, bahasa, default_language, languages, content_language, main_language, sprachen, langues, idiomas, content_languages",
    "price": "price, price_per_post, rate, post_price, cost, fee, cost_per_post, rate_per_post, preis, preis pro post, prix, precio, "
    "preço, prezzo, harga, honorar, tarif, tarifa, budget, honoraires, preis je beitrag, asking_price, prix par post, rate_card, quote",
    "currency": "currency, currency_code, währung, waehrung, devise, moneda, moeda, valuta, mata uang",
    "platform": "platform, network, social_network, plattform, plateforme, plataforma, piattaforma, social_media, channel_type, "
    "work_platform, social_platform, kanaltyp, netzwerk, réseau, red social, rede social, social, sosial media, source_platform, medium",
    "profile_url": "profile_url, url, link, profile_link, input_url, channel_url, account_url, profil_url, profil link, profillink, "
    "user_url, author_url, instagram_url, tiktok_url, youtube_url, lien, enlace, permalink, web_url, profile, uploader_url, links, profile_links, account_link, channel_link, channel_links",
    "read_at": "read_at, scraped_at, fetched_at, collected_at, crawled_at, retrieved_at, exported_at, counted_at, snapshot_date, timestamp, "
    "last_updated, updated_at, scrape_date, export_date, stand, retrieved_on, date_scraped, scraping_date",
    "hides_followers": "hidden_subscriber_count, hides_followers, followers_hidden, is_subscriber_count_hidden",
    "extra": "extra",
}  # fmt: skip
POST_NAMES = {
    "post_id": "post_id, video_id, media_id, aweme_id, tweet_id, id, pk, shortcode, short_code, code, post_url, permalink, "
    "web_video_url, video_url, webpage_url, share_url, url, link, post_link, video_link, beitrags-id, beitrags-url, beitragslink, id de publication, "
    "lien, enlace",
    "posted_at": "posted_at, post_created, timestamp, taken_at, taken_at_timestamp, published_at, publish_time, post_time, create_time, create_time_iso, "
    "created_at, created_time, created, create_date, upload_date, uploaded_at, post_date, date_posted, posted, published, publish_date, date_published, "
    "publication_date, date_time, datetime, date, time, creation_date, datum, veröffentlicht, veröffentlichungszeit, zeitpunkt, date de publication, "
    "heure de publication, fecha, fecha de publicación, hora de publicación, data, data de publicação, data di pubblicazione, tanggal, "
    "waktu publikasi, publicado, postdate, posted_on, taken_at_date, published_date, upload_time, taken_time, when, video_time, video_date, date and time, post_datetime",
    "caption": "caption, caption_text, post_caption, video_caption, text, full_text, post_text, video_description, video_desc, description, post_desc, video_text, reel_caption, desc, content, message, body, "
    "bildunterschrift, beschreibung, text des beitrags, légende, texte, descripción, leyenda, texto, legenda, descrição, "
    "didascalia, descrizione, testo, keterangan, deskripsi, edge_media_to_caption, post_content, post, tweet, tweet_text, tweet_content, status_text",
    "title": "title, video_title, content_title, título contenido, título del contenido, título de la publicación, titre du contenu, titre de la vidéo, videotitel, headline, titel, titre, título, titolo, judul, name, post_title",
    "tags": "tags, hashtags, hash_tags, hashtag, challenges, schlagwörter, hashtag_names, tag_list, video_tags, keywords",
    "likes": "likes, like_count, likes_count, like, digg_count, digg, favorite_count, favorites, edge_liked_by, edge_media_preview_like, "
    "hearts, heart, heart_count, reactions, reaction, upvotes, gefällt mir, gefaellt mir, gefällt-mir-angaben, j'aime, mentions j'aime, "
    "me gusta, curtidas, gostos, mi piace, suka, total_likes, likes_number",
    "comments": "comments, comment_count, comments_count, comment, edge_media_to_comment, edge_media_to_parent_comment, kommentare, "
    "commentaires, comentarios, comentários, commenti, komentar, reply_count, replies_total, total_comments",
    "views": "views, view_count, view, video_view_count, play_count, plays, video_play_count, video_views, ig_play_count, play, "
    "aufrufe, wiedergaben, vues, vistas, visualizaciones, reproducciones, visualizações, visualizzazioni, tayangan, impression_count, "
    "total_views, watch_count",
    "shares": "shares, share_count, share, reshare_count, retweet_count, retweets, forward_count, reposts, repost_count, geteilt, geteilte inhalte, partages, "
    "compartidos, veces compartido, compartilhamentos, partilhas, condivisioni, bagikan, dibagikan, total_shares",
    "saves": "saves, save_count, saved, saves_count, collect_count, collects, bookmark_count, bookmarks, gespeichert, speicherungen, "
    "enregistrements, guardados, veces guardado, salvamentos, salvos, salvataggi, simpan, disimpan, total_saves",
    "kind": "kind, media_type, type, post_type, media_product_type, product_type, typename, __typename, content_type, media_kind, typ, beitragstyp, "
    "format, art, type de publication, tipo, tipo de publicación, jenis, platform_content_type",
    "location": "location, location_name, place, ort, lieu, lugar, local, luogo, lokasi, venue",
    "is_sponsored": "is_sponsored, sponsored, is_ad, is_paid_partnership, paid_partnership, is_paid, branded_content, is_branded_content, anzeige, "
    "has_paid_promotion, is_paid_ad, werbung, sponsored_post",
    "mentions": "mentions, tagged_users, usertags, mentioned_users, mentioned, erwähnungen, tagged, user_tags",
    "counted_at": "counted_at, scraped_at, fetched_at, collected_at, crawled_at, retrieved_at, exported_at, snapshot_date, counted",
    "duration_seconds": "duration_seconds, duration, video_duration, length_seconds, length, video_length, dauer, durée, duración, duração, durata, durasi",
    "transcript": "transcript, transcription, transcript_text, video_transcript, speech_to_text, spoken_text, voice_to_text, transkript, "
    "transkription, transcripción, transcrição, trascrizione, transkrip",
    "pinned": "is_pinned, pinned, is_pinned_post, angeheftet, épinglé, fijado, fixado, is_top, pinned_post",
    "hides_likes": "like_and_view_counts_disabled, likes_hidden, hides_likes, hide_like_and_view_counts, like_counts_hidden, likes_disabled",
    "hides_ratings": "ratings_disabled",
    "hides_comments": "comments_disabled, commenting_disabled, comments_off, are_comments_disabled, comments_hidden",
    "is_video": "is_video, has_video",
}  # fmt: skip
# Words of a price's column beside its own, by how near the price is to that of a post; a story's is another thing.
PRICE_WORDS = (
    "price, rate, cost, fee, charge, preis, preise, honorar, tarif, tarifa, prix, cout, precio, costo, preco, prezzo, harga, prijs, cena, pris, "
    "fiyat, ucret, budget"
)
PRICED = {
    0: "post, posts, beitrag, posting, publication, publicacion, publicacao, pubblicazione, postingan, feed, static, integration, card, asking, quoted, "
    "est, estimated, range, spanne, rahmen, typical, net, netto, from, ab, max, maximum, high, bis, upper, gamme, rango",
    10: "min, minimum, low, lower",
    20: "reel, reels, carousel, image, photo",
    30: "video, videos, short, shorts, tiktok, youtube",
}
BESIDE_PRICE = "per, pro, je, par, por, for, fur, of, a, un, une, de, du, ein, einen, the, in, your, do, you, what, whats, s, is, for, one"
CREATOR_NAMES |= {name: f"{CREATOR_NAMES[name]}, {more}" for name, more in spellings_elsewhere.CREATORS.items()}
POST_NAMES |= {name: f"{POST_NAMES[name]}, {more}" for name, more in spellings_elsewhere.POSTS.items()}
COMMENT_NAMES = {
    "text": "text, comment, comment_text, content, message, body, text_original, text_display, kommentar, commentaire, comentario",
    "comment_id": "comment_id, id, pk, cid",
    "post_id": "post_id, media_id, video_id, aweme_id, shortcode",
    "author": "author, username, user_name, owner_username, author_name, author_display_name, unique_id, handle, user, owner, autor, auteur, from, "
    "commenter",
    "posted_at": "posted_at, timestamp, created_at, create_time, create_time_iso, published_at, created_time, date, time, datum, fecha",
    "reply_to": "reply_to, parent_id, parent_comment_id, in_reply_to, replies_to_id, reply_id",
    "likes": "likes, like_count, likes_count, digg_count, comment_like_count, gefällt mir, favorite_count",
}  # fmt: skip
_ACCOUNT_FIELDS = ("handle", "display_name", "bio", "followers", "following", "posts_count", "verified", "is_private")
ACCOUNT_NAMES = {
    "account_id": "account_id, user_id, id, pk",
    **{name: CREATOR_NAMES[name] for name in (*_ACCOUNT_FIELDS, "has_picture", "no_picture", "external_url")},
    "relation": "relation, relationship",
}
POINT_NAMES = {
    "at": "at, date, month, day, timestamp, time, datetime, datum, fecha, week, created_at, recorded_at, snapshot_date, x",
    "followers": f"{CREATOR_NAMES['followers']}, count, value, total, y",
}
NAMES: dict[type, dict[str, str]] = {
    Creator: CREATOR_NAMES,
    Post: POST_NAMES,
    Comment: COMMENT_NAMES,
    AudienceAccount: ACCOUNT_NAMES,
    FollowerPoint: POINT_NAMES,
}
